import { aCallback, aV1Task, aV2Task } from '../../support/builders.ts';
import { NOON } from '../../support/fake-clock.ts';
import { aBackfillMessage, aMirror, type Mirror } from '../../support/worker-driver.ts';

const DAY_MS = 86_400_000;
const completed = (answer: string, at: number) =>
  aV1Task({ response: { answer }, completed_at: new Date(at).toISOString() });

/** Sights of v1, an hour after each other. */
async function see(mirror: Mirror, ...tasks: object[]): Promise<void> {
  for (const task of tasks) {
    mirror.clock.advance(3_600_000);
    const requestedAt = mirror.clock.now();
    await mirror.deliver(aBackfillMessage(task, { api: 'v1', requestedAt }));
  }
}

it('lists every document that ever counted, with its interval and source, newest first', async () => {
  const mirror = aMirror();
  await mirror.see(aCallback(completed('a', NOON - 1_000)));
  await see(mirror, completed('b', NOON), completed('a', NOON - 1_000));
  const history = await mirror.taskTable.getHistory(mirror.head());
  expect(history).toMatchObject([
    { api: 'v1', source: 'backfill', interval: { until: NOON + 7_200_000 } },
    { api: 'v1', source: 'backfill', interval: { until: NOON + 3_600_000 } },
    { api: 'v1', source: 'callback', interval: { from: NOON - 6_000, until: NOON } },
  ]);
  expect(history[0]?.substance).toBe(history[2]?.substance);
  expect(history[0]?.record).not.toBe(history[2]?.record);
});

it('keeps everything for good unless the deployment says otherwise', async () => {
  const mirror = aMirror();
  await see(mirror, completed('a', NOON), completed('b', NOON + 1));
  for (const { record } of mirror.taskTable.documents('task-1')) {
    expect(mirror.taskTable.expiryOf('task-1', record)).toBeUndefined();
  }
});

it('has a document expire the configured time after the head has moved past it, and no other', async () => {
  const mirror = aMirror({ historyMs: 30 * DAY_MS });
  await see(mirror, completed('a', NOON));
  const before = mirror.head();
  expect(mirror.taskTable.expiryOf('task-1', before.current)).toBeUndefined();
  await see(mirror, completed('b', NOON + 1));
  expect(mirror.taskTable.expiryOf('task-1', before.current)).toBe(
    mirror.clock.now() + 30 * DAY_MS,
  );
  expect(mirror.taskTable.expiryOf('task-1', mirror.head().current)).toBeUndefined();
});

it('keeps the document of the other shape, to which the head still refers', async () => {
  const mirror = aMirror({ historyMs: DAY_MS });
  await mirror.deliver(aBackfillMessage(aV2Task(), { requestedAt: NOON - 100_000 }));
  const ofV2 = mirror.head().current;
  await see(mirror, completed('a', NOON), completed('b', NOON + 1));
  expect(mirror.head().current).not.toBe(ofV2);
  expect(mirror.taskTable.expiryOf('task-1', ofV2)).toBeUndefined();
});

it('has nothing expire where another writer was faster', async () => {
  const mirror = aMirror({ historyMs: DAY_MS });
  await see(mirror, completed('a', NOON));
  const first = mirror.head().current;
  mirror.taskTable.beforePutHead = () => Promise.reject(new Error('no head today'));
  mirror.clock.advance(3_600_000);
  const message = aBackfillMessage(completed('b', NOON + 1), {
    api: 'v1',
    requestedAt: mirror.clock.now(),
  });
  expect(await mirror.deliver(message)).toEqual([message]);
  expect(mirror.taskTable.expiryOf('task-1', first)).toBeUndefined();
});

it('is stored although the superseded document could not be marked', async () => {
  const mirror = aMirror({
    historyMs: DAY_MS,
    wrapTable: (table) => ({
      ...table,
      expireDocument: () => Promise.reject(new Error('throttled')),
    }),
  });
  await see(mirror, completed('a', NOON), completed('b', NOON + 1));
  expect(mirror.head()).toMatchObject({ revision: 2 });
});
