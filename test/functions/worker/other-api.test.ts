import { aCallback, aV1Task, aV2Task } from '../../support/builders.ts';
import { NOON } from '../../support/fake-clock.ts';
import { aBackfillMessage, aMirror, MINUTE_MS, SETTLE_MS } from '../../support/worker-driver.ts';

const recalledV1 = aV1Task({ status: 'pending', completed_at: undefined, response: undefined });
const recalledV2 = aV2Task({ status: 'pending', completed_at: undefined, threads: [] });

/** A mirror of a task that was read by v2, and whose callback has come too. */
async function knownToBoth() {
  const mirror = aMirror();
  await mirror.see(aCallback(aV1Task()));
  mirror.clock.advance(MINUTE_MS);
  const now = mirror.clock.now();
  await mirror.deliver(aBackfillMessage(aV2Task(), { requestedAt: now }));
  mirror.clock.advance(MINUTE_MS);
  return mirror;
}

it('a recall by callback of which v1 knows nothing is settled by v2, which has shown the task', async () => {
  const mirror = await knownToBoth();
  mirror.scale.set('v2', recalledV2);
  expect(await mirror.see(aCallback(recalledV1))).toEqual([]);
  expect(mirror.head()).toMatchObject({ confirmed: true, facts: { status: 'pending' } });
  expect((await mirror.current()).text).toBe(JSON.stringify(recalledV2));
});

it('a recall on a page of which v2 knows nothing any more is settled by v1', async () => {
  const mirror = await knownToBoth();
  mirror.scale.set('v1', recalledV1);
  const now = mirror.clock.now();
  await mirror.deliver(aBackfillMessage(recalledV2, { requestedAt: now }));
  expect(await mirror.drain()).toEqual([]);
  expect(mirror.head()).toMatchObject({ confirmed: true, facts: { status: 'pending' } });
  expect((await mirror.current()).text).toBe(JSON.stringify(recalledV1));
});

it('an answer of v1 without a status is no answer: v2 is asked, though v1 has shown the task', async () => {
  const mirror = aMirror();
  await mirror.deliver(aBackfillMessage(aV1Task(), { api: 'v1', requestedAt: NOON }));
  mirror.scale.single.set('v1 task-1', '{"task_id":"task-1","type":"chat"}');
  mirror.scale.set('v2', recalledV2);
  expect(await mirror.see(aCallback(recalledV1))).toEqual([]);
  expect((await mirror.current()).text).toBe(JSON.stringify(recalledV2));
});

describe('a second doubt that comes while a recall is looked into', () => {
  it('is not settled by a read that began too soon after the head was marked', async () => {
    const mirror = aMirror();
    await mirror.see(aCallback(aV1Task()));
    mirror.clock.advance(60 * MINUTE_MS);
    await mirror.post(aCallback(recalledV1));
    await mirror.deliver(...mirror.taskQueue.receive());
    const markedAt = mirror.clock.now();
    expect(mirror.head()).toMatchObject({ confirmed: false, facts: { status: 'completed' } });

    // Seen long ago, so that by itself it could be settled at once.
    const old = {
      api: 'v1' as const,
      requestedAt: NOON - MINUTE_MS,
      respondedAt: NOON + MINUTE_MS,
    };
    mirror.clock.advance(SETTLE_MS / 2);
    mirror.scale.set('v1', recalledV1);
    await mirror.deliver(aBackfillMessage(recalledV1, old));
    expect(mirror.scale.reads).toBe(0);
    expect(await mirror.drain()).toEqual([]);
    expect(mirror.clock.now()).toBeGreaterThan(markedAt + SETTLE_MS);
    expect(mirror.head()).toMatchObject({ confirmed: true, facts: { status: 'pending' } });
  });
});

it('what came of each observation is counted', async () => {
  const mirror = aMirror();
  const pending = aV2Task({ status: 'pending', completed_at: undefined, threads: [] });
  await mirror.deliver(aBackfillMessage(pending, { requestedAt: NOON }));
  await mirror.deliver(aBackfillMessage(pending, { requestedAt: NOON + MINUTE_MS }));
  await mirror.deliver(aBackfillMessage(aV2Task(), { requestedAt: NOON + 2 * MINUTE_MS }));
  await mirror.deliver(aBackfillMessage(aV2Task(), { requestedAt: NOON + 3 * MINUTE_MS }));
  await mirror.deliver(aBackfillMessage(pending, { requestedAt: NOON }));
  const counts = ['Applied', 'Touched', 'Duplicate', 'Stale'] as const;
  expect(counts.map((name) => mirror.metrics.total(`Observation${name}`))).toEqual([2, 1, 1, 1]);
});
