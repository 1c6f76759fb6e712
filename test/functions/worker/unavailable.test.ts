import { aCallback, aV1Task } from '../../support/builders.ts';
import { busy, refused } from '../../support/scale-errors.ts';
import { NOON } from '../../support/fake-clock.ts';
import {
  aBackfillMessage,
  aCallbackMessage,
  aMirror,
  MINUTE_MS,
  type Mirror,
} from '../../support/worker-driver.ts';

const recalled = aV1Task({ status: 'pending', completed_at: undefined, response: undefined });

const troubles = [
  ['Scale is down', busy()],
  ['Scale is busy', busy(1_000)],
  ['Scale answers 401', refused(401, 'Invalid API Key')],
  ['Scale answers 403', refused(403)],
] as const;

/** A completed task, a doubtful callback about it, and the time in which a read may tell. */
async function withADoubt(): Promise<Mirror> {
  const mirror = aMirror();
  await mirror.deliver(aBackfillMessage(aV1Task(), { api: 'v1', requestedAt: NOON }));
  await mirror.post(aCallback(recalled));
  await mirror.deliver(...mirror.taskQueue.receive());
  mirror.clock.advance(MINUTE_MS);
  return mirror;
}

describe.each(troubles)('while %s', (_, trouble) => {
  it('a doubtful message goes back with a delay, and the head stays', async () => {
    const mirror = await withADoubt();
    const before = mirror.head();
    mirror.scale.failure = trouble;
    expect(await mirror.deliver(...mirror.taskQueue.receive())).toEqual([]);
    expect(mirror.head()).toBe(before);
    expect(mirror.taskQueue.messages).toMatchObject([
      { body: aCallback(recalled), visibleAt: mirror.clock.now() + 5 * MINUTE_MS },
    ]);
    expect(mirror.metrics.total('ConfirmUnavailable')).toBe(1);
  });

  it('it waits for days and is settled once Scale answers', async () => {
    const mirror = await withADoubt();
    mirror.scale.failure = trouble;
    for (let tries = 0; tries < 600; tries += 1) {
      expect(await mirror.deliver(...mirror.taskQueue.receive())).toEqual([]);
      mirror.clock.advance(5 * MINUTE_MS);
    }
    mirror.scale.failure = undefined;
    mirror.scale.set('v1', recalled);
    expect(await mirror.drain()).toEqual([]);
    expect(mirror.head().facts.status).toBe('pending');
  });

  it('the other records of the batch are stored', async () => {
    const mirror = await withADoubt();
    mirror.scale.failure = trouble;
    const others = ['task-2', 'task-3'].map((taskId) =>
      aCallbackMessage(aCallback(aV1Task({ task_id: taskId })), NOON),
    );
    expect(await mirror.deliver(...mirror.taskQueue.receive(), ...others)).toEqual([]);
    expect(mirror.taskTable.head('task-2')).toBeDefined();
    expect(mirror.taskTable.head('task-3')).toBeDefined();
  });
});

it('a longer wait that Scale asks for is honoured, up to the longest delay of SQS', async () => {
  for (const [asked, delay] of [
    [8 * MINUTE_MS, 8 * MINUTE_MS],
    [60 * MINUTE_MS, 15 * MINUTE_MS],
  ] as const) {
    const mirror = await withADoubt();
    mirror.scale.failure = busy(asked);
    await mirror.deliver(...mirror.taskQueue.receive());
    expect(mirror.taskQueue.messages[0]?.visibleAt).toBe(mirror.clock.now() + delay);
  }
});

it('a first 404 is remembered while Scale is down in between', async () => {
  const mirror = await withADoubt();
  await mirror.deliver(...mirror.taskQueue.receive());
  mirror.clock.advance(MINUTE_MS);
  mirror.scale.failure = busy();
  await mirror.deliver(...mirror.taskQueue.receive());
  mirror.scale.failure = undefined;
  await mirror.drain();
  expect(mirror.scale.reads).toBe(3);
  expect(mirror.head().facts.status).toBe('deleted');
});

it('any other refusal fails the one message', async () => {
  const mirror = await withADoubt();
  mirror.scale.failure = refused(400, 'bad request');
  const received = mirror.taskQueue.receive();
  const other = aCallbackMessage(aCallback(aV1Task({ task_id: 'task-2' })), NOON);
  expect(await mirror.deliver(...received, other)).toEqual(received);
  expect(mirror.taskTable.head('task-2')).toBeDefined();
});

it('a message that the queue does not take back is left where it is', async () => {
  const mirror = await withADoubt();
  mirror.scale.failure = busy();
  const received = mirror.taskQueue.receive();
  mirror.taskQueue.failure = new Error('SQS is down');
  expect(await mirror.deliver(...received)).toEqual(received);
});

it("a message at SQS's limit goes back with all that was learnt about it", async () => {
  const mirror = aMirror();
  await mirror.deliver(aBackfillMessage(aV1Task(), { api: 'v1', requestedAt: NOON }));
  const empty = aCallback(recalled, { padding: '' });
  const mostBytes = 1_048_576 - 256 - 60;
  const padding = 'x'.repeat(mostBytes - Buffer.byteLength(empty));
  await mirror.post(aCallback(recalled, { padding }));
  expect(mirror.inbox()).toEqual([]);
  expect(await mirror.drain()).toEqual([]);
  expect(mirror.head().facts.status).toBe('deleted');
});

it('callbacks that raise no doubt need no Scale', async () => {
  const mirror = aMirror();
  mirror.scale.failure = busy();
  expect(await mirror.see(aCallback())).toEqual([]);
  expect(mirror.head().facts.status).toBe('completed');
});
