import { setImmediate } from 'node:timers/promises';

import { aCallback, aCallbackEvent, aV1Task } from '../../support/builders.ts';
import { inMemoryBodies } from '../../support/in-memory-bodies.ts';
import { inMemoryTaskQueue } from '../../support/in-memory-task-queue.ts';
import { aMirror, MINUTE_MS } from '../../support/worker-driver.ts';
import { accepted, anIngest, unavailable } from './an-ingest.ts';

const down = (): Error => new Error('down');

/** A store whose confirmation a test holds back. */
function heldBack() {
  const { promise, resolve, reject } = Promise.withResolvers<undefined>();
  const confirmed = (): Promise<void> => promise;
  return {
    confirmed,
    confirm: () => {
      resolve(undefined);
    },
    refuse: () => {
      reject(down());
    },
  };
}

/** Whether a promise has ended by the next turn of the event loop. */
async function hasEnded(promise: Promise<unknown>): Promise<boolean> {
  let isEnded = false;
  void promise.finally(() => {
    isEnded = true;
  });
  await setImmediate();
  return isEnded;
}

it('Scale hears nothing before SQS has confirmed', async () => {
  const { confirmed, confirm } = heldBack();
  const { accept } = anIngest({ taskQueue: { ...inMemoryTaskQueue(), send: confirmed } });
  const answer = accept(aCallbackEvent(aCallback()));
  expect(await hasEnded(answer)).toBe(false);
  confirm();
  expect(await answer).toEqual(accepted);
});

it('Scale hears nothing before S3 has confirmed, where SQS cannot carry the body', async () => {
  const { confirmed, confirm } = heldBack();
  const { accept } = anIngest({ bodies: { ...inMemoryBodies(), put: confirmed } });
  const answer = accept(aCallbackEvent('x'.repeat(2_000_000)));
  expect(await hasEnded(answer)).toBe(false);
  confirm();
  expect(await answer).toEqual(accepted);
});

it('a store that refuses at last makes no 200', async () => {
  const { confirmed, refuse } = heldBack();
  const { accept, bodies } = anIngest({ taskQueue: { ...inMemoryTaskQueue(), send: confirmed } });
  bodies.failure = down();
  const answer = accept(aCallbackEvent(aCallback()));
  expect(await hasEnded(answer)).toBe(false);
  refuse();
  expect(await answer).toEqual(unavailable);
});

describe('while SQS is down', () => {
  it('the body is kept in the inbox with all that its message would say', async () => {
    const { accept, bodies, taskQueue, metrics } = anIngest();
    taskQueue.failure = down();
    expect(await accept(aCallbackEvent(aCallback()))).toEqual(accepted);
    const [key = ''] = bodies.keys();
    expect(key).toMatch(/^inbox\/waiting\/2026-11-21\//);
    const kept = await bodies.get(key);
    expect(Buffer.from(kept?.bytes ?? []).toString()).toBe(aCallback());
    expect(kept?.metadata).toEqual({
      source: 'callback',
      receivedat: '2026-11-21T12:00:00.000Z',
    });
    expect(metrics.total('CallbackKeptInBucket')).toBe(1);
  });

  it('two equal callbacks are kept as two', async () => {
    const { accept, bodies, taskQueue } = anIngest();
    taskQueue.failure = down();
    await accept(aCallbackEvent(aCallback()));
    await accept(aCallbackEvent(aCallback()));
    expect(bodies.keys()).toHaveLength(2);
  });

  it('what was accepted is found by the sweep and ends as a head', async () => {
    const mirror = aMirror();
    mirror.taskQueue.failure = down();
    expect(await mirror.post(aCallback())).toEqual(accepted);
    mirror.taskQueue.failure = undefined;
    mirror.clock.advance(11 * MINUTE_MS);
    await mirror.sweep();
    await mirror.drain();
    expect((await mirror.current()).text).toBe(JSON.stringify(aV1Task()));
    expect(mirror.head().interval.until).toBe(Date.parse('2026-11-21T12:00:00.000Z'));
    expect(mirror.inbox()).toEqual([]);
  });
});

it('an SQS that fails once leaves a message that points at the kept body', async () => {
  const queue = inMemoryTaskQueue();
  let isDown = true;
  const send: typeof queue.send = async (...message) => {
    const wasDown = isDown;
    isDown = false;
    return wasDown ? Promise.reject(down()) : queue.send(...message);
  };
  const { accept, bodies } = anIngest({ taskQueue: { ...queue, send } });
  expect(await accept(aCallbackEvent(aCallback()))).toEqual(accepted);
  expect(queue.messages).toMatchObject([
    { body: bodies.keys()[0], attributes: { source: 'callback', bodyIn: 'inbox' } },
  ]);
});

it('a body too big for SQS is accepted although its pointer fails, and the sweep finds it', async () => {
  const mirror = aMirror();
  const task = aV1Task({ response: { text: 'x'.repeat(2_000_000) } });
  mirror.taskQueue.failure = down();
  expect(await mirror.post(aCallback(task))).toEqual(accepted);
  mirror.taskQueue.failure = undefined;
  mirror.clock.advance(11 * MINUTE_MS);
  await mirror.sweep();
  await mirror.drain();
  expect((await mirror.current()).text).toBe(JSON.stringify(task));
});

it('S3 is not needed for a body that SQS takes', async () => {
  const { accept, bodies, taskQueue } = anIngest();
  bodies.failure = down();
  expect(await accept(aCallbackEvent(aCallback()))).toEqual(accepted);
  expect(taskQueue.messages).toHaveLength(1);
});

it.each([
  ['SQS and S3 both fail', aCallback()],
  ['S3 fails for a body that SQS cannot carry', 'x'.repeat(2_000_000)],
])('Scale is asked to come again when %s', async (_, body) => {
  const { accept, bodies, taskQueue, metrics } = anIngest();
  taskQueue.failure = down();
  bodies.failure = down();
  expect(await accept(aCallbackEvent(body))).toEqual(unavailable);
  expect(metrics.total('CallbackUnavailable')).toBe(1);
  expect(metrics.total('CallbackAccepted')).toBe(0);
  taskQueue.failure = undefined;
  bodies.failure = undefined;
  expect(await accept(aCallbackEvent(body))).toEqual(accepted);
});
