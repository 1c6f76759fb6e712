import { aCallback, aV1Task } from '../../support/builders.ts';
import { NOON } from '../../support/fake-clock.ts';
import { aBackfillMessage, aMirror, type Mirror, SETTLE_MS } from '../../support/worker-driver.ts';

const completed = aV1Task();
const recalled = aV1Task({ status: 'pending' });

/** A completed task whose recall has been announced, and not yet confirmed. */
async function inDoubt(): Promise<Mirror> {
  const mirror = aMirror();
  await mirror.see(aCallback(completed));
  mirror.clock.advance(60_000);
  await mirror.post(aCallback(recalled));
  await mirror.deliver(...mirror.taskQueue.receive());
  return mirror;
}

/** From now on a read shows the recall until `until`, as one that lags does. */
function answerRecalledUntil({ scale, clock }: Mirror, until: number): void {
  const asBefore = { ...scale };
  scale.getTask = async (taskId, shape) => {
    scale.set('v1', clock.now() < until ? recalled : completed);
    return asBefore.getTask(taskId, shape);
  };
}

describe('a recall that waits for its confirm', () => {
  it('is seen at once: the head says that it is in doubt', async () => {
    const mirror = await inDoubt();
    expect(mirror.head()).toMatchObject({
      revision: 1,
      confirmed: false,
      facts: { status: 'completed' },
    });
  });

  it('and is undone meanwhile: a read that still shows it is not believed', async () => {
    const mirror = await inDoubt();
    mirror.clock.advance(5_000);
    answerRecalledUntil(mirror, mirror.clock.now() + SETTLE_MS);
    expect(await mirror.see(aCallback(completed))).toEqual([]);
    expect(mirror.head()).toMatchObject({
      revision: 1,
      confirmed: true,
      facts: { status: 'completed' },
    });
  });

  it('and is undone, as a page shows: neither', async () => {
    const mirror = await inDoubt();
    await mirror.deliver(aBackfillMessage(completed, { api: 'v1', requestedAt: NOON + 30_000 }));
    mirror.clock.advance(5_000);
    const requestedAt = mirror.clock.now();
    answerRecalledUntil(mirror, requestedAt + SETTLE_MS);
    await mirror.deliver(aBackfillMessage(completed, { api: 'v1', requestedAt }));
    expect(await mirror.drain()).toEqual([]);
    expect(mirror.head()).toMatchObject({ confirmed: true, facts: { status: 'completed' } });
  });

  it('and stays: it is applied after one read', async () => {
    const mirror = await inDoubt();
    mirror.scale.set('v1', recalled);
    expect(await mirror.drain()).toEqual([]);
    expect(mirror.scale.reads).toBe(1);
    expect(mirror.head()).toMatchObject({
      revision: 2,
      confirmed: true,
      facts: { status: 'pending' },
    });
  });
});

it('a recall that a read shows unasked is read once more, settle later', async () => {
  const mirror = aMirror();
  await mirror.see(aCallback(completed));
  mirror.clock.advance(60_000);
  mirror.scale.set('v1', recalled);
  expect(await mirror.see(JSON.stringify({ task_id: 'task-1' }))).toEqual([]);
  expect(mirror.scale.reads).toBe(2);
  expect(mirror.head()).toMatchObject({ confirmed: true, facts: { status: 'pending' } });
});

it('without an API key a duplicate writes nothing, in doubt or not', async () => {
  const mirror = aMirror({ world: null });
  await mirror.see(aCallback(completed));
  mirror.clock.advance(60_000);
  await mirror.see(aCallback({ ...completed, response: { category: 'bus' } }));
  const head = mirror.head();
  expect(head.confirmed).toBe(false);
  mirror.clock.advance(60_000);
  await mirror.see(aCallback({ ...completed, response: { category: 'bus' } }));
  expect(mirror.head()).toBe(head);
});
