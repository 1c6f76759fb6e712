import { createServer, type Server } from 'node:http';
import { text } from 'node:stream/consumers';

import { EventBridgeClient } from '@aws-sdk/client-eventbridge';

import { listen, type Listening } from '../../../local/listen.ts';
import { createEventBus, type EventBus } from '../../../shared/events/event-bus.ts';
import type { MirrorEvent } from '../../../shared/events/event.ts';
import { toTaskEvent } from '../../../shared/events/task-event.ts';
import { aHead } from '../../support/records.ts';

let server: Listening;
let client: EventBridgeClient;
let bus: EventBus;
let asked: unknown;
let answer: object;

beforeEach(async () => {
  const http: Server = createServer((request, response) => {
    void text(request).then((body) => {
      asked = { target: request.headers['x-amz-target'], ...(JSON.parse(body) as object) };
      response.setHeader('content-type', 'application/x-amz-json-1.1');
      response.end(JSON.stringify(answer));
    });
  });
  server = await listen(http, 0, 'PORT');
  client = new EventBridgeClient({ endpoint: server.url, maxAttempts: 1 });
  bus = createEventBus({ client, busName: 'the-bus' });
});

afterEach(async () => {
  client.destroy();
  await server.close();
});

function anEvent(): MirrorEvent {
  const event = toTaskEvent(undefined, aHead({ taskId: 'task-1' }), 'the-table');
  if (event === undefined) throw new Error('no event');
  return event;
}

test('an event goes to the bus of the stack with its name, source, time and detail', async () => {
  answer = { FailedEntryCount: 0, Entries: [{ EventId: '1' }] };
  const event = anEvent();

  await expect(bus.put([event])).resolves.toEqual([{ kind: 'published' }]);

  expect(asked).toEqual({
    target: 'AWSEvents.PutEvents',
    Entries: [
      {
        EventBusName: 'the-bus',
        Source: 'scale-task-mirror',
        DetailType: 'TaskCompleted',
        Time: event.time / 1_000,
        Detail: JSON.stringify(event.detail),
      },
    ],
  });
});

test.each([
  ['ThrottlingException', 'postponed'],
  ['InternalFailure', 'postponed'],
  ['AccessDeniedException', 'postponed'],
  ['a code of tomorrow', 'postponed'],
  ['MalformedDetail', 'refused'],
  ['InvalidArgument', 'refused'],
])('an event that fails with %s alone is %s', async (ErrorCode, kind) => {
  answer = { FailedEntryCount: 1, Entries: [{ EventId: '1' }, { ErrorCode }] };

  await expect(bus.put([anEvent(), anEvent()])).resolves.toEqual([
    { kind: 'published' },
    { kind, code: ErrorCode },
  ]);
});

test('an event of which the answer says nothing was not taken', async () => {
  answer = { FailedEntryCount: 0, Entries: [{ EventId: '1' }, {}] };

  await expect(bus.put([anEvent(), anEvent(), anEvent()])).resolves.toEqual([
    { kind: 'published' },
    { kind: 'postponed', code: 'no answer' },
    { kind: 'postponed', code: 'no answer' },
  ]);
});
