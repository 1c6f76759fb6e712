import { aCallback, aV1Task, aV2Task } from '../../support/builders.ts';
import { NOON } from '../../support/fake-clock.ts';
import {
  aBackfillMessage,
  aCallbackMessage,
  aMirror,
  MINUTE_MS,
} from '../../support/worker-driver.ts';

const reviewed = {
  customer_review_status: 'rejected',
  customer_audited_at: '2026-11-21T11:30:00.000Z',
};

describe('a callback that says what the head says writes nothing', () => {
  it.each([
    ['at once', 0, {}],
    ['an hour later, as a retry', 60 * MINUTE_MS, {}],
    ['a day later, as a re-sent original', 24 * 60 * MINUTE_MS, {}],
    ['with a review that dates itself', 60 * MINUTE_MS, reviewed],
  ])('%s', async (_, later, members) => {
    const mirror = aMirror();
    await mirror.see(aCallback(aV1Task(members)));
    const before = mirror.head();
    mirror.clock.advance(later);
    expect(await mirror.see(aCallback(aV1Task(members)))).toEqual([]);
    expect(mirror.head()).toBe(before);
    expect(mirror.taskTable.documents('task-1')).toHaveLength(1);
    expect(mirror.metrics.total('ObservationDuplicate')).toBe(1);
    expect(mirror.scale.reads).toBe(0);
  });

  it('although its bookkeeping, member order and white space differ', async () => {
    const mirror = aMirror();
    await mirror.see(aCallback(aV1Task({ updated_at: '2026-11-21T11:00:01.000Z' })));
    const before = mirror.head();
    const { task_id, ...rest } = aV1Task({
      callback_completed: true,
      updated_at: '2026-11-21T11:45:00Z',
    });
    await mirror.see(JSON.stringify({ task: { ...rest, task_id } }, undefined, 2));
    expect(mirror.head()).toBe(before);
    expect(mirror.taskTable.documents('task-1')).toHaveLength(1);
  });
});

it.each([
  ['a pending task', aCallbackMessage(aCallback(aV1Task({ status: 'pending' })), NOON)],
  ['an error', aCallbackMessage(aCallback(aV1Task({ status: 'error' })), NOON)],
  ['a task of a page', aBackfillMessage(aV2Task({ status: 'pending' }), { requestedAt: NOON })],
])('a second delivery of the very message writes nothing: %s', async (_, message) => {
  const mirror = aMirror();
  await mirror.deliver(message);
  const before = mirror.head();
  mirror.clock.advance(MINUTE_MS);
  expect(await mirror.deliver(message)).toEqual([]);
  expect(mirror.head()).toBe(before);
  expect(mirror.taskQueue.messages).toEqual([]);
});

it('pages that show a finished task again and again write nothing', async () => {
  const mirror = aMirror();
  for (let walk = 0; walk < 5; walk += 1) {
    await mirror.deliver(aBackfillMessage(aV2Task(), { requestedAt: mirror.clock.now() }));
    mirror.clock.advance(5 * MINUTE_MS);
  }
  expect(mirror.head().version).toBe(1);
  expect(mirror.taskTable.documents('task-1')).toHaveLength(1);
});

it('a pending task seen pending again moves the interval and nothing else', async () => {
  const mirror = aMirror();
  const pending = aV2Task({ status: 'pending', completed_at: undefined, threads: [] });
  await mirror.deliver(aBackfillMessage(pending, { requestedAt: NOON }));
  const before = mirror.head();
  mirror.clock.advance(5 * MINUTE_MS);
  const requestedAt = mirror.clock.now();
  await mirror.deliver(aBackfillMessage(pending, { requestedAt }));
  expect(mirror.head()).toMatchObject({
    version: 2,
    revision: 1,
    changedAt: before.changedAt,
    current: before.current,
    interval: { from: requestedAt - 10_000, until: requestedAt },
  });
  expect(mirror.taskTable.documents('task-1')).toHaveLength(1);
});

it('a page that began before the callback did is dropped as stale', async () => {
  const mirror = aMirror();
  await mirror.see(aCallback(aV1Task({ completed_at: '2026-11-21T12:00:00.000Z' })));
  const before = mirror.head();
  const pending = aV2Task({ status: 'pending', completed_at: undefined, threads: [] });
  await mirror.deliver(aBackfillMessage(pending, { requestedAt: NOON - MINUTE_MS }));
  expect(mirror.head()).toBe(before);
  expect(mirror.metrics.total('ObservationStale')).toBe(1);
  expect(mirror.scale.reads).toBe(0);
});
