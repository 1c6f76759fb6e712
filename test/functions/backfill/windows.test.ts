import { NOON } from '../../support/fake-clock.ts';
import {
  aBackfill,
  type Backfill,
  pagesOf,
  PROJECT,
  QUARTER_HOUR_MS,
  queuedIds,
} from './a-backfill.ts';

const MINUTE_MS = 60_000;
/** A window is asked for with so much more at each end. */
const SECOND_MS = 1_000;
const iso = (time: number): string => new Date(time).toISOString();

/** The windows of the pages asked for with status `completed`. */
const windows = ({ scale }: Backfill) =>
  scale.requests
    .filter(({ filters }) => filters.status === 'completed')
    .map(({ filters }) => [filters.completed_after, filters.completed_before]);

/** Time for so many pages, and then no more. */
function timeFor(pages: number): () => number {
  let left = pages;
  return () => {
    left -= 1;
    return left >= 0 ? QUARTER_HOUR_MS : 100_000;
  };
}

it('the first window of completed tasks reaches back without end', async () => {
  const backfill = aBackfill();
  await backfill.run();
  expect(windows(backfill)).toEqual([[undefined, iso(NOON + SECOND_MS)]]);
});

it('the next window begins an hour before the end of the last, and so does the one after', async () => {
  const backfill = aBackfill();
  const ends: number[] = [];
  for (let run = 0; run < 3; run += 1) {
    ends.push(backfill.clock.now());
    await backfill.run();
    backfill.clock.advance(5 * MINUTE_MS);
  }
  const [first = 0, second = 0, third = 0] = ends;
  expect(windows(backfill)).toEqual([
    [undefined, iso(first + SECOND_MS)],
    [iso(first - 60 * MINUTE_MS - SECOND_MS), iso(second + SECOND_MS)],
    [iso(second - 60 * MINUTE_MS - SECOND_MS), iso(third + SECOND_MS)],
  ]);
});

it('pending tasks have no window: all of them are walked by every pass', async () => {
  const backfill = aBackfill();
  backfill.scale.pages.set('pending', pagesOf(['a']));
  await backfill.run();
  await backfill.runFull();
  const pending = backfill.scale.requests.filter(({ filters }) => filters.status === 'pending');
  expect(pending.map(({ filters }) => filters)).toEqual([
    { project_name: 'Street scenes', status: 'pending', limit: 99 },
    { project_name: 'Street scenes', status: 'pending', limit: 99 },
  ]);
  expect(queuedIds(backfill)).toEqual(['a', 'a']);
});

describe('when time is short', () => {
  it('the walk stops before the next page, and the next run goes on there in the same window', async () => {
    const backfill = aBackfill();
    backfill.scale.pages.set('completed', pagesOf(['a'], ['b'], ['c'], ['d']));
    expect(await backfill.run(timeFor(2))).toEqual({ outcome: 'unfinished', pages: 2, tasks: 2 });
    backfill.clock.advance(60 * MINUTE_MS);
    expect(await backfill.run()).toMatchObject({ outcome: 'finished' });
    expect(backfill.asked().filter((page) => page.includes('completed'))).toEqual([
      'Street scenes, completed, first page',
      'Street scenes, completed, 1',
      // What has come since.
      'Street scenes, completed, first page',
      'Street scenes, completed, 2',
      'Street scenes, completed, 3',
    ]);
    const first = [undefined, iso(NOON + SECOND_MS)];
    const since = [iso(NOON - SECOND_MS), iso(NOON + 60 * MINUTE_MS + 100 + SECOND_MS)];
    expect(windows(backfill)).toEqual([first, first, since, first, first]);
    expect(queuedIds(backfill)).toEqual(['a', 'b', 'c', 'd']);
  });

  it('the last hour before a walk began is read again once it has ended, however long it took', async () => {
    const backfill = aBackfill();
    backfill.scale.pages.set('completed', pagesOf(['a'], ['b'], ['c']));
    await backfill.run(timeFor(1));
    backfill.clock.advance(3 * 60 * MINUTE_MS);
    await backfill.run();
    await backfill.run();
    expect(windows(backfill)).toContainEqual([
      iso(NOON - 60 * MINUTE_MS - SECOND_MS),
      iso(NOON + SECOND_MS),
    ]);
    expect(backfill.mirrorState.coverage(PROJECT, 'completed')?.settled).toHaveLength(1);
  });

  it('from the start nothing is asked', async () => {
    const { run, scale, isWalked } = aBackfill();
    expect(await run(() => 100_000)).toEqual({ outcome: 'unfinished', pages: 0, tasks: 0 });
    expect(scale.requests).toEqual([]);
    expect(isWalked(PROJECT, 'completed')).toBe(false);
  });

  it('for many runs, every run gets on by its pages until all is walked', async () => {
    const backfill = aBackfill();
    const ids = Array.from({ length: 12 }, (_, number) => `task-${String(number)}`);
    backfill.scale.pages.set('completed', pagesOf(...ids.map((id) => [id])));
    let runs = 0;
    while (!backfill.isWalked(PROJECT, 'completed')) {
      await backfill.run(timeFor(2));
      backfill.clock.advance(5 * MINUTE_MS);
      runs += 1;
      if (runs > 20) throw new Error('no end of it');
    }
    const queued = queuedIds(backfill);
    expect([...new Set(queued)].sort()).toEqual(ids.sort());
    expect(queued).toHaveLength(ids.length);
  });
});

describe('a walk whose filters have changed since', () => {
  const OTHER = '{"project_name":"Street scenes","status":"completed","limit":50}';
  const span = { from: NOON - 120 * MINUTE_MS, until: NOON - 60 * MINUTE_MS };

  it('begins anew, without the token and from the first day', async () => {
    const backfill = aBackfill();
    const times = { walkedAt: NOON, lastWalkedAt: NOON };
    await backfill.mirrorState.putCoverage(PROJECT, 'completed', {
      filters: OTHER,
      covered: [{ ...span, ...times }],
    });
    await backfill.mirrorState.putSlice(PROJECT, {
      ...{ status: 'completed', filters: OTHER, span, openedAt: NOON, walkedAt: NOON },
      ...{ nextToken: '7', pages: 7, tasks: 350 },
    });
    backfill.scale.pages.set('completed', pagesOf(['a'], ['b']));
    await backfill.run();
    expect(windows(backfill)).toEqual([
      [undefined, iso(NOON + SECOND_MS)],
      [undefined, iso(NOON + SECOND_MS)],
    ]);
    expect(backfill.mirrorState.slices(PROJECT)).toEqual([]);
    expect(backfill.mirrorState.coverage(PROJECT, 'completed')?.covered).toEqual([
      { until: NOON, walkedAt: NOON, lastWalkedAt: NOON },
    ]);
  });
});
