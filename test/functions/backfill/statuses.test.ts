import { isDue, walkedStatuses } from '../../../shared/walks/statuses.ts';
import { refused } from '../../support/scale-errors.ts';
import { aBackfill, DAY_MS, pagesOf, PROJECT, queuedIds, withListTasks } from './a-backfill.ts';

const firstPages = (...statuses: string[]) =>
  statuses.map((status) => `Street scenes, ${status}, first page`);

it('the first run walks every status, the next ones completed tasks alone until a day is over', async () => {
  const { run, asked, clock, scale } = aBackfill();
  await run();
  expect(asked()).toEqual(firstPages(...walkedStatuses));

  scale.requests.length = 0;
  clock.advance(DAY_MS / 2);
  await run();
  expect(asked()).toEqual(firstPages('completed'));

  scale.requests.length = 0;
  clock.advance(DAY_MS / 2);
  await run();
  expect(asked().toSorted()).toEqual(firstPages(...walkedStatuses).toSorted());
});

it('a slow status has its turn as soon as its time has passed since the last walk began', () => {
  const held = { covered: [{ until: 1_000, walkedAt: 1_000, lastWalkedAt: 1_000 }] };
  const pace = { otherStatusesEveryMs: DAY_MS, isFull: false };
  expect(isDue({ status: 'pending' }, held, { ...pace, now: 1_000 + DAY_MS - 1 })).toBe(false);
  expect(isDue({ status: 'pending' }, held, { ...pace, now: 1_000 + DAY_MS })).toBe(true);
});

it('a run that was asked for everything walks every status at once', async () => {
  const { run, runFull, asked, scale } = aBackfill();
  await run();
  scale.requests.length = 0;
  await runFull();
  expect(asked().toSorted()).toEqual(firstPages(...walkedStatuses).toSorted());
});

it('a slow walk that was broken off is gone on with in the next run', async () => {
  const backfill = aBackfill();
  backfill.scale.pages.set('canceled', pagesOf(['a'], ['b']));
  let reads = 0;
  await backfill.run(() => ((reads += 1) > 4 ? 0 : 15 * 60_000));
  expect(queuedIds(backfill)).toEqual(['a']);
  await backfill.run();
  expect(queuedIds(backfill)).toEqual(['a', 'b']);
});

it.each([400, 422])(
  'an API that does not take the status deleted (%d) fails nothing, and is asked again a day later',
  async (status) => {
    const backfill = aBackfill();
    let isRefused = true;
    let asked = 0;
    withListTasks(backfill, (filters) => {
      if (filters.status !== 'deleted') return;
      asked += 1;
      if (isRefused) throw refused(status, 'invalid status');
    });
    expect(await backfill.run()).toMatchObject({ outcome: 'finished' });
    expect(backfill.mirrorState.coverage(PROJECT, 'deleted')).toMatchObject({ isRefused: true });
    isRefused = false;
    await backfill.run();
    expect(asked).toBe(1);
    backfill.clock.advance(DAY_MS);
    await backfill.run();
    expect(asked).toBe(2);
    expect(backfill.mirrorState.coverage(PROJECT, 'deleted')?.isRefused).toBeUndefined();
  },
);

it.each(['pending', 'error', 'canceled', 'completed'])(
  'an API that refuses the documented status %s fails its walk',
  async (refusedStatus) => {
    const backfill = aBackfill();
    withListTasks(backfill, ({ status }) => {
      if (status === refusedStatus) throw refused(400, 'invalid status');
    });
    await expect(backfill.run()).rejects.toThrow(`${PROJECT} (${refusedStatus})`);
  },
);

it('a project that Scale does not know fails the walk of deleted tasks too', async () => {
  const backfill = aBackfill();
  withListTasks(backfill, () => {
    throw refused(404);
  });
  await expect(backfill.run()).rejects.toThrow(`${PROJECT} (deleted)`);
});
