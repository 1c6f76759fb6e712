import { putEvents } from '../../../local/emulators/event-bridge.ts';

const entry = {
  EventBusName: 'Events',
  Source: 'scale-task-mirror',
  DetailType: 'TaskCompleted',
  Detail: '{"taskId":"task-1"}',
  Time: 1_795_262_400.123,
};

test('an event becomes the line that a rule would see', () => {
  const lines: string[] = [];

  const answer = putEvents({ Entries: [entry] }, (some) => lines.push(...some));

  const [event] = lines.map((line) => JSON.parse(line) as { id: string });
  expect(event).toEqual({
    version: '0',
    id: expect.any(String) as string,
    'detail-type': 'TaskCompleted',
    source: 'scale-task-mirror',
    account: '000000000000',
    time: '2026-11-21T12:00:00Z',
    region: 'us-east-1',
    resources: [],
    detail: { taskId: 'task-1' },
  });
  expect(answer).toEqual({ FailedEntryCount: 0, Entries: [{ EventId: event?.id }] });
});

test('what is wrong with one event fails it alone', () => {
  const lines: string[] = [];
  const Entries = [
    { ...entry, Detail: 'no JSON' },
    entry,
    { Source: 'x' },
    { ...entry, Detail: '1' },
  ];

  const answer = putEvents({ Entries }, (some) => lines.push(...some));

  expect(lines).toHaveLength(1);
  expect(answer).toMatchObject({
    FailedEntryCount: 3,
    Entries: [
      { ErrorCode: 'MalformedDetail' },
      { EventId: expect.any(String) as string },
      { ErrorCode: 'InvalidArgument' },
      { ErrorCode: 'MalformedDetail' },
    ],
  });
});
