import { aCallback, aV1Task } from '../../support/builders.ts';
import { NOON } from '../../support/fake-clock.ts';
import { aBackfillMessage, aMirror, MINUTE_MS, type Mirror } from '../../support/worker-driver.ts';

const DAY_MS = 24 * 60 * MINUTE_MS;

const named = (name: string): Error => Object.assign(new Error('slow down'), { name });

const failWrites = (mirror: Mirror, error: Error | undefined): void => {
  mirror.taskTable.beforePutHead = () => (error ? Promise.reject(error) : Promise.resolve());
};

async function aCallbackWaits(): Promise<Mirror> {
  const mirror = aMirror();
  await mirror.post(aCallback());
  return mirror;
}

describe.each([
  'ProvisionedThroughputExceededException',
  'ThrottlingException',
  'RequestLimitExceeded',
])('while DynamoDB answers %s', (name) => {
  test('a message goes back with a delay and is stored once there is room', async () => {
    const mirror = await aCallbackWaits();
    failWrites(mirror, named(name));

    expect(await mirror.deliver(...mirror.taskQueue.receive())).toEqual([]);
    expect(mirror.taskQueue.messages).toMatchObject([
      { body: aCallback(), visibleAt: NOON + MINUTE_MS },
    ]);
    failWrites(mirror, undefined);
    expect(await mirror.drain()).toEqual([]);
    expect(mirror.head().facts.status).toBe('completed');
  });

  test('a day of it brings no message to the dead letters', async () => {
    const mirror = await aCallbackWaits();
    failWrites(mirror, named(name));

    for (let at = 0; at < DAY_MS; at += MINUTE_MS) {
      expect(await mirror.deliver(...mirror.taskQueue.receive())).toEqual([]);
      mirror.clock.advance(MINUTE_MS);
    }
    expect(mirror.deadLetters.messages).toEqual([]);
    expect(mirror.metrics.published('PostponedAgeSeconds').at(-1)).toBe(DAY_MS / 1_000 - 60);
  });
});

test('a batch of which no head can be read goes back as well', async () => {
  const mirror = aMirror({
    wrapTable: (table) => ({
      ...table,
      getHeads: () => Promise.reject(named('ThrottledReadsError')),
    }),
  });
  const tasks = ['task-1', 'task-2'].map((task_id) => aV1Task({ task_id }));
  const messages = [...tasks, ...tasks].map((task) =>
    aBackfillMessage(task, { api: 'v1', requestedAt: NOON }),
  );

  expect(await mirror.deliver(...messages)).toEqual([]);
  expect(mirror.taskQueue.messages).toHaveLength(4);
});

test('a body in the inbox stays there until its message has an end', async () => {
  const mirror = aMirror();
  await mirror.post(aCallback(aV1Task({ response: 'x'.repeat(2_000_000) })));
  failWrites(mirror, named('ThrottlingException'));

  await mirror.deliver(...mirror.taskQueue.receive());
  expect(mirror.inbox()).toHaveLength(1);
  failWrites(mirror, undefined);
  expect(await mirror.drain()).toEqual([]);
  expect(mirror.head().facts.status).toBe('completed');
  expect(mirror.inbox()).toEqual([]);
});

test('what is older than any message of SQS is left to the queue, as is any other failure', async () => {
  const mirror = await aCallbackWaits();
  const received = mirror.taskQueue.receive();
  failWrites(mirror, named('InternalServerError'));
  expect(await mirror.deliver(...received)).toEqual(received);

  failWrites(mirror, named('ThrottlingException'));
  mirror.clock.advance(14 * DAY_MS + 1);
  expect(await mirror.deliver(...received)).toEqual(received);
});

test('a message that the queue does not take back is left where it is', async () => {
  const mirror = await aCallbackWaits();
  failWrites(mirror, named('ThrottlingException'));
  const received = mirror.taskQueue.receive();
  mirror.taskQueue.failure = new Error('SQS is down');

  expect(await mirror.deliver(...received)).toEqual(received);
  expect(mirror.metrics.total('MessagePostponed')).toBe(0);
});
