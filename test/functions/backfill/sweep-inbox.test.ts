import { aCallback, aV1Task } from '../../support/builders.ts';
import { NOON } from '../../support/fake-clock.ts';
import { aMirror, MINUTE_MS, type Mirror } from '../../support/worker-driver.ts';
import { aBackfill } from './a-backfill.ts';

const down = (): Error => new Error('down');

/** A callback that is in the inbox and has no message. */
async function forgotten(): Promise<Mirror> {
  const mirror = aMirror();
  mirror.taskQueue.failure = down();
  await mirror.post(aCallback());
  mirror.taskQueue.failure = undefined;
  expect(mirror.taskQueue.messages).toEqual([]);
  mirror.clock.advance(11 * MINUTE_MS);
  return mirror;
}

it('a body without a message is put on the queue as what it was', async () => {
  const mirror = await forgotten();
  await mirror.sweep();
  expect(mirror.taskQueue.messages).toMatchObject([
    {
      body: mirror.inbox()[0],
      attributes: { source: 'callback', receivedAt: new Date(NOON).toISOString(), bodyIn: 'inbox' },
    },
  ]);
  await mirror.drain();
  expect((await mirror.current()).text).toBe(JSON.stringify(aV1Task()));
  expect(mirror.inbox()).toEqual([]);
  expect(mirror.metrics.total('InboxSwept')).toBe(1);
});

it('a body that may still have its message is left alone', async () => {
  const mirror = aMirror();
  await mirror.post(aCallback(aV1Task({ response: 'x'.repeat(2_000_000) })));
  const waiting = mirror.inbox();
  mirror.clock.advance(9 * MINUTE_MS);
  await mirror.sweep();
  expect(mirror.taskQueue.messages).toHaveLength(1);
  expect(mirror.inbox()).toEqual(waiting);
});

it('a body is swept once, however long its message waits', async () => {
  const mirror = await forgotten();
  await mirror.sweep();
  for (let sweeps = 0; sweeps < 3; sweeps += 1) {
    mirror.clock.advance(60 * MINUTE_MS);
    await mirror.sweep();
  }
  expect(mirror.taskQueue.messages).toHaveLength(1);
  expect(mirror.inbox()).toHaveLength(1);
});

it('a body whose message comes late after all is processed once', async () => {
  const mirror = aMirror();
  await mirror.post(aCallback(aV1Task({ response: 'x'.repeat(2_000_000) })));
  const late = mirror.taskQueue.receive();
  mirror.clock.advance(11 * MINUTE_MS);
  await mirror.sweep();
  expect(await mirror.deliver(...late)).toEqual([]);
  expect(mirror.taskTable.head('task-1')).toBeUndefined();
  await mirror.drain();
  expect(mirror.head()).toMatchObject({ version: 1, revision: 1 });
  expect(mirror.metrics.total('ObservationDuplicate')).toBe(0);
  expect(mirror.inbox()).toEqual([]);
});

describe('a sweep that broke off is safe to repeat', () => {
  it.each(['put', 'remove'] as const)('in %s of the bucket', async (method) => {
    const mirror = await forgotten();
    const working = { ...mirror.bodies };
    mirror.bodies[method] = () => Promise.reject(down());
    await expect(mirror.sweep()).rejects.toThrow('down');
    Object.assign(mirror.bodies, working);
    await mirror.sweep();
    expect(await mirror.drain()).toEqual([]);
    expect(mirror.head().version).toBe(1);
    expect(mirror.inbox()).toEqual([]);
  });

  it('in the send of the message', async () => {
    const mirror = await forgotten();
    mirror.taskQueue.failure = down();
    await expect(mirror.sweep()).rejects.toThrow('down');
    expect(mirror.inbox().length).toBeGreaterThan(0);
    mirror.taskQueue.failure = undefined;
    await mirror.sweep();
    expect(mirror.taskQueue.messages).toHaveLength(1);
    await mirror.drain();
    expect(mirror.head().version).toBe(1);
    expect(mirror.inbox()).toEqual([]);
  });

  it('two at once end at one state', async () => {
    const mirror = await forgotten();
    await Promise.all([mirror.sweep(), mirror.sweep()]);
    expect(await mirror.drain()).toEqual([]);
    expect(mirror.head().version).toBe(1);
    expect(mirror.inbox()).toEqual([]);
  });
});

it('many bodies are all swept', async () => {
  const mirror = aMirror();
  mirror.taskQueue.failure = down();
  const ids = Array.from({ length: 30 }, (_, number) => `task-${String(number)}`);
  for (const id of ids) await mirror.post(aCallback(aV1Task({ task_id: id })));
  mirror.taskQueue.failure = undefined;
  mirror.clock.advance(11 * MINUTE_MS);
  await mirror.sweep();
  await mirror.drain();
  for (const id of ids) expect(mirror.taskTable.head(id)).toBeDefined();
});

describe('every run of backfill sweeps', () => {
  it.each([
    ['without an API key', async () => undefined],
    ['with one', async () => 'live_key'],
  ])('%s', async (_, readApiKey) => {
    const { run, bodies, clock, taskQueue } = aBackfill({ readApiKey });
    const metadata = { source: 'callback', receivedAt: '2026-11-21T11:00:00.000Z' };
    await bodies.put('inbox/waiting/2026-11-21/a', { bytes: Buffer.from('{}'), metadata });
    clock.advance(11 * MINUTE_MS);
    await run();
    expect(taskQueue.messages).toMatchObject([{ body: 'inbox/swept/2026-11-21/a' }]);
  });

  it('an object that nobody of ours has put there stops neither sweep nor walk', async () => {
    const { run, bodies, clock, taskQueue } = aBackfill();
    const bytes = Buffer.from('{}');
    const metadata = { source: 'callback', receivedAt: '2026-11-21T11:00:00.000Z' };
    await bodies.put('inbox/waiting/2026-11-21/a', { bytes, metadata: {} });
    await bodies.put('inbox/waiting/2026-11-21/b', { bytes, metadata });
    clock.advance(11 * MINUTE_MS);
    expect(await run()).toMatchObject({ outcome: 'finished' });
    expect(taskQueue.messages).toMatchObject([{ body: 'inbox/swept/2026-11-21/b' }]);
  });
});
