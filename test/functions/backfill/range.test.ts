import { NOON } from '../../support/fake-clock.ts';
import { aBackfill, DAY_MS, pagesOf, PROJECT, queuedIds, QUARTER_HOUR_MS } from './a-backfill.ts';

const YESTERDAY = { from: NOON - 2 * DAY_MS, until: NOON - DAY_MS };

it('a range that was asked for is walked, and nothing else', async () => {
  const backfill = aBackfill();
  backfill.scale.pages.set('completed', pagesOf(['a'], ['b']));
  expect(await backfill.runRange(YESTERDAY)).toMatchObject({ outcome: 'finished', tasks: 2 });
  expect(backfill.scale.requests.map(({ filters }) => filters)).toEqual(
    Array.from({ length: 2 }, () => ({
      project_name: 'Street scenes',
      status: 'completed',
      completed_after: new Date(YESTERDAY.from - 1_000).toISOString(),
      completed_before: new Date(YESTERDAY.until + 1_000).toISOString(),
      limit: 99,
    })),
  );
});

it('what was walked counts as covered, and the schedule reads all that lies around it', async () => {
  const backfill = aBackfill();
  await backfill.runRange(YESTERDAY);
  backfill.scale.requests.length = 0;
  await backfill.run();
  const [covered, ...others] = backfill.mirrorState.coverage(PROJECT, 'completed')?.covered ?? [];
  expect(covered?.from).toBeUndefined();
  expect(covered?.until).toBeGreaterThanOrEqual(NOON);
  expect(others).toEqual([]);
  const windows = backfill.scale.requests
    .filter(({ filters }) => filters.status === 'completed')
    .map(({ filters }) => [filters.completed_after, filters.completed_before]);
  expect(windows).toHaveLength(2);
  expect(windows[0]?.[0]).toBeUndefined();
});

it('a covered range is walked once more, and the position of the schedule stays', async () => {
  const backfill = aBackfill();
  backfill.scale.pages.set('completed', pagesOf(['a']));
  await backfill.run();
  const before = backfill.mirrorState.coverage(PROJECT, 'completed')?.covered;
  await backfill.runRange(YESTERDAY);
  expect(queuedIds(backfill)).toEqual(['a', 'a']);
  const after = backfill.mirrorState.coverage(PROJECT, 'completed')?.covered;
  const spans = (covered = before) => covered?.map(({ from, until }) => ({ from, until }));
  expect(spans(after)).toEqual(spans(before));
});

it('for want of time it is gone on with in the next run that has the same wish', async () => {
  const backfill = aBackfill();
  backfill.scale.pages.set('completed', pagesOf(['a'], ['b'], ['c']));
  let pages = 0;
  const timeForTwo = () => ((pages += 1) <= 2 ? QUARTER_HOUR_MS : 0);
  expect(await backfill.runRange(YESTERDAY, 'today', timeForTwo)).toMatchObject({
    outcome: 'unfinished',
  });
  expect(await backfill.runRange(YESTERDAY)).toMatchObject({ outcome: 'finished' });
  expect(queuedIds(backfill)).toEqual(['a', 'b', 'c']);
  expect(await backfill.runRange(YESTERDAY)).toMatchObject({ outcome: 'finished', pages: 0 });
  expect(await backfill.runRange(YESTERDAY, 'tomorrow')).toMatchObject({ pages: 3 });
});

it('what is noted of a wish is forgotten after a month, and the rest never', async () => {
  const backfill = aBackfill();
  const kept: (number | undefined)[] = [];
  const unspoilt = { ...backfill.mirrorState };
  backfill.mirrorState.putCoverage = (source, status, coverage) => {
    if (status.includes('#')) kept.push(coverage.expiresAt);
    else expect(coverage.expiresAt).toBeUndefined();
    return unspoilt.putCoverage(source, status, coverage);
  };
  await backfill.runRange(YESTERDAY);
  expect(kept).toHaveLength(1);
  expect(kept[0]).toBeGreaterThanOrEqual(NOON + 30 * DAY_MS);
});

it('the future is not covered, whatever was asked for', async () => {
  const backfill = aBackfill();
  await backfill.runRange({ from: NOON - DAY_MS, until: NOON + DAY_MS });
  expect(backfill.mirrorState.coverage(PROJECT, 'completed')?.covered.at(-1)?.until).toBe(NOON);
});
