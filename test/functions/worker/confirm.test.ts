import { aCallback, aV1Task, aV2Task, anObservation } from '../../support/builders.ts';
import { NOON } from '../../support/fake-clock.ts';
import { apply } from '../../../functions/worker/write-observation.ts';
import {
  aBackfillMessage,
  aMirror,
  MINUTE_MS,
  type Mirror,
  SETTLE_MS,
} from '../../support/worker-driver.ts';

const original = aV1Task();
const fixed = aV1Task({
  response: { category: 'lorry' },
  prior_responses: [{ category: 'car' }],
  customer_review_status: 'Fixed',
  customer_audited_at: '2026-11-21T11:59:00.000Z',
});
const recalled = aV1Task({ status: 'pending', completed_at: undefined, response: undefined });
const canceled = aV1Task({ status: 'canceled', completed_at: undefined, response: undefined });

/** A mirror that holds a fix, as Scale does. */
async function withTheFix(): Promise<Mirror> {
  const mirror = aMirror();
  mirror.scale.set('v1', fixed);
  await mirror.see(aCallback(fixed));
  return mirror;
}

describe('an original that comes a day after an audit has fixed it', () => {
  it('waits on the queue until a read can tell, and the fix stays', async () => {
    const mirror = await withTheFix();
    mirror.clock.advance(24 * 60 * MINUTE_MS);
    await mirror.post(aCallback(original));
    const receivedAt = mirror.clock.now();
    expect(await mirror.deliver(...mirror.taskQueue.receive())).toEqual([]);
    expect(mirror.scale.reads).toBe(0);
    expect(mirror.taskQueue.messages).toMatchObject([{ body: aCallback(original) }]);
    expect(mirror.taskQueue.messages[0]?.visibleAt).toBeGreaterThan(receivedAt + SETTLE_MS);
    expect(mirror.head().version).toBe(1);

    expect(await mirror.drain()).toEqual([]);
    expect(mirror.scale.reads).toBe(1);
    expect((await mirror.current()).text).toBe(JSON.stringify(fixed));
    expect(mirror.head()).toMatchObject({
      revision: 1,
      confirmed: true,
      observedBy: 'confirm',
      facts: { reviewStatus: 'fixed' },
    });
    expect(mirror.taskTable.documents('task-1')).toHaveLength(1);
  });

  it('is not read again when it comes once more, having lost by time', async () => {
    const mirror = await withTheFix();
    await mirror.see(aCallback(original));
    const reads = mirror.scale.reads;
    const before = mirror.head();
    await mirror.deliver(aBackfillMessage(aV1Task(), { api: 'v1', requestedAt: NOON - MINUTE_MS }));
    expect(mirror.head()).toBe(before);
    expect(mirror.scale.reads).toBe(reads);
  });
});

it('one read settles all observations of a task that wait for it, whatever their order', async () => {
  const mirror = await withTheFix();
  mirror.clock.advance(24 * 60 * MINUTE_MS);
  const rejected = aV1Task({ customer_review_status: 'rejected' });
  for (const waiting of [original, rejected, canceled, original, recalled]) {
    await mirror.post(aCallback(waiting));
  }
  mirror.clock.advance(1_000);
  expect(await mirror.drain()).toEqual([]);
  expect(mirror.scale.reads).toBe(1);
  expect(mirror.head()).toMatchObject({ revision: 1, confirmed: true });
  expect((await mirror.current()).text).toBe(JSON.stringify(fixed));
});

it('a fix whose callback never came is found by the read that an old original causes', async () => {
  const mirror = aMirror();
  await mirror.see(aCallback(aV1Task({ customer_review_status: 'rejected' })));
  mirror.scale.set('v1', fixed);
  await mirror.see(aCallback(original));
  expect((await mirror.current()).text).toBe(JSON.stringify(fixed));
  expect(mirror.head()).toMatchObject({ revision: 2, facts: { reviewStatus: 'fixed' } });
});

describe('a callback that takes a completed task back', () => {
  it('is believed once Scale says so too', async () => {
    const mirror = aMirror();
    await mirror.see(aCallback(original));
    mirror.scale.set('v1', recalled);
    mirror.clock.advance(60 * MINUTE_MS);
    expect(await mirror.see(aCallback(recalled))).toEqual([]);
    expect(mirror.head()).toMatchObject({
      revision: 2,
      confirmed: true,
      facts: { status: 'pending' },
    });
    expect(mirror.head().facts.completedAt).toBeUndefined();
    expect((await mirror.current()).text).toBe(JSON.stringify(recalled));
    expect(mirror.taskTable.documents('task-1')).toHaveLength(2);
  });

  it('is not believed when Scale still says completed', async () => {
    const mirror = aMirror();
    await mirror.see(aCallback(original));
    mirror.scale.set('v1', original);
    await mirror.see(aCallback(recalled));
    expect(mirror.head()).toMatchObject({ revision: 1, facts: { status: 'completed' } });
    expect((await mirror.current()).text).toBe(JSON.stringify(original));
  });

  it('and one that completes it anew end as completed, with all three states kept', async () => {
    const mirror = aMirror();
    await mirror.see(aCallback(original));
    mirror.scale.set('v1', recalled);
    mirror.clock.advance(60 * MINUTE_MS);
    await mirror.see(aCallback(recalled));
    const again = aV1Task({
      completed_at: new Date(mirror.clock.now() + 60 * MINUTE_MS).toISOString(),
      response: { category: 'bus' },
    });
    mirror.clock.advance(61 * MINUTE_MS);
    const reads = mirror.scale.reads;
    await mirror.see(aCallback(again));
    expect(mirror.scale.reads).toBe(reads);
    expect(mirror.head()).toMatchObject({ revision: 3, facts: { status: 'completed' } });
    expect((await mirror.current()).text).toBe(JSON.stringify(again));
    expect(mirror.taskTable.documents('task-1').map(({ text }) => text)).toEqual(
      [original, recalled, again].map((task) => JSON.stringify(task)),
    );
  });
});

it('a page that takes a completed task back is confirmed in the shape of the page', async () => {
  const mirror = aMirror();
  await mirror.see(aCallback(original));
  mirror.clock.advance(60 * MINUTE_MS);
  const pending = aV2Task({ status: 'pending', completed_at: undefined, threads: [] });
  mirror.scale.set('v2', pending);
  await mirror.deliver(aBackfillMessage(pending, { requestedAt: mirror.clock.now() }));
  expect(mirror.head().facts.status).toBe('completed');
  await mirror.drain();
  expect(mirror.head().facts.status).toBe('pending');
  expect(mirror.head().documents.v2?.record).toBe(mirror.head().current);
  expect(mirror.scale.reads).toBe(1);
});

it('an answer that shows a third state is what is stored', async () => {
  const mirror = aMirror();
  await mirror.see(aCallback(original));
  mirror.scale.set('v1', canceled);
  await mirror.see(aCallback(recalled));
  expect(mirror.head().facts.status).toBe('canceled');
  expect(mirror.taskTable.documents('task-1').map(({ text }) => text)).not.toContain(
    JSON.stringify(recalled),
  );
});

it.each([
  ['another task', aV1Task({ task_id: 'task-2' })],
  ['no task', { message: 'hello' }],
])('an answer that is %s leaves the message to the queue', async (_, answer) => {
  const mirror = await withTheFix();
  mirror.scale.single.set('v1 task-1', JSON.stringify(answer));
  const before = mirror.head();
  expect(await mirror.see(aCallback(original))).toHaveLength(1);
  expect(mirror.scale.reads).toBe(2);
  expect(mirror.head()).toBe(before);
});

describe('while somebody else writes the task during every read', () => {
  it('three rounds are made, and then the message is left to the queue', async () => {
    const mirror = await withTheFix();
    let writes = 0;
    let isMine = false;
    mirror.taskTable.beforePutHead = async () => {
      if (isMine) return;
      isMine = true;
      writes += 1;
      const until = mirror.clock.now() - NOON;
      const rival = anObservation({ task: { response: { writes } }, from: -60 * MINUTE_MS, until });
      await apply(mirror.dependencies, mirror.head(), rival);
      isMine = false;
    };
    const failed = await mirror.see(aCallback(original));
    expect(failed).toMatchObject([{ body: aCallback(original), attributes: { rounds: '2' } }]);
    expect(mirror.scale.reads).toBe(3);
    expect(writes).toBe(3);

    mirror.taskTable.beforePutHead = async () => undefined;
    mirror.clock.advance(6 * MINUTE_MS);
    await mirror.deliver(...failed);
    await mirror.drain();
    expect((await mirror.current()).text).toBe(JSON.stringify(fixed));
  });
});
