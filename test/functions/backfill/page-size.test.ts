import { createPageSize } from '../../../shared/walks/page-size.ts';
import { busy, timedOut } from '../../support/scale-errors.ts';
import { aBackfill, pagesOf, PROJECT, queuedIds, withListTasks } from './a-backfill.ts';

/** Backfill of a project whose pages are answered only up to a number of tasks. */
function withLargestPage(largest: () => number, failure = timedOut) {
  const backfill = aBackfill();
  backfill.scale.pages.set('completed', pagesOf(['a'], ['b'], ['c']));
  const limits: number[] = [];
  withListTasks(backfill, ({ limit, status }) => {
    if (status !== 'completed') return;
    limits.push(limit);
    if (limit > largest()) throw failure();
  });
  return { ...backfill, limits };
}

it('a page that times out is asked for with fewer tasks, by the same token, and the rest too', async () => {
  const backfill = withLargestPage(() => 20);
  expect(await backfill.run()).toMatchObject({ outcome: 'finished' });
  expect(backfill.limits).toEqual([99, 49, 24, 12, 12, 12]);
  expect(queuedIds(backfill)).toEqual(['a', 'b', 'c']);
});

it('fewer than two tasks are never asked for', async () => {
  const backfill = withLargestPage(() => 0);
  await expect(backfill.run()).rejects.toThrow(`${PROJECT} (completed)`);
  expect(backfill.limits).toEqual([99, 49, 24, 12, 6, 3, 2]);
});

it('the next run begins with the number that went well', async () => {
  const backfill = withLargestPage(() => 20);
  let reads = 0;
  await backfill.run(() => ((reads += 1) > 5 ? 0 : 15 * 60_000));
  expect(backfill.mirrorState.coverage(PROJECT, 'completed')).toMatchObject({ limit: 12 });
  backfill.limits.length = 0;
  await backfill.run();
  expect(new Set(backfill.limits)).toEqual(new Set([12]));
});

it('a page fails for being busy, not for its size: as many are asked for again', async () => {
  let isBusy = true;
  const backfill = withLargestPage(() => (isBusy ? 0 : 99), busy);
  await expect(backfill.run()).rejects.toThrow('backfill failed');
  isBusy = false;
  await backfill.run();
  expect(new Set(backfill.limits)).toEqual(new Set([99]));
});

it('the last page of a window does not keep a run with no time from ending', async () => {
  const backfill = withLargestPage(() => 0);
  let reads = 0;
  expect(await backfill.run(() => ((reads += 1) > 3 ? 0 : 15 * 60_000))).toMatchObject({
    outcome: 'unfinished',
  });
  expect(backfill.limits).toEqual([99, 49, 24]);
});

describe('the number of tasks of a page', () => {
  it('doubles after eight pages of calm, up to the usual', () => {
    const size = createPageSize(24);
    const limits = Array.from({ length: 33 }, () => {
      const limit = size.limit();
      size.pageWentWell();
      return limit;
    });
    expect(limits).toEqual([
      ...Array<number>(8).fill(24),
      ...Array<number>(8).fill(48),
      ...Array<number>(8).fill(96),
      ...Array<number>(9).fill(99),
    ]);
    expect(size.limitToKeep()).toBeUndefined();
  });

  it('counts calm anew after a failure', () => {
    const size = createPageSize(24);
    for (let page = 0; page < 7; page += 1) size.pageWentWell();
    size.shrink();
    size.pageWentWell();
    expect(size.limit()).toBe(12);
  });

  it.each([
    [undefined, 99],
    [1, 2],
    [1_000, 99],
  ])('is within what Scale takes, whatever was kept: %p', (kept, limit) => {
    expect(createPageSize(kept).limit()).toBe(limit);
  });
});
