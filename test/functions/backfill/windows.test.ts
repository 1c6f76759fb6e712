import { NOON } from '../../support/fake-clock.ts';
import { READ_MS } from '../../support/fake-scale.ts';
import {
  aBackfill,
  type Backfill,
  pagesOf,
  PROJECT,
  QUARTER_HOUR_MS,
  queuedIds,
} from './a-backfill.ts';

const MINUTE_MS = 60_000;
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
  expect(windows(backfill)).toEqual([[undefined, iso(NOON)]]);
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
    [undefined, iso(first)],
    [iso(first - 60 * MINUTE_MS), iso(second)],
    [iso(second - 60 * MINUTE_MS), iso(third)],
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
      'Street scenes, completed, 2',
      'Street scenes, completed, 3',
    ]);
    expect(windows(backfill)).toEqual(Array.from({ length: 4 }, () => [undefined, iso(NOON)]));
    expect(queuedIds(backfill)).toEqual(['a', 'b', 'c', 'd']);
  });

  it('from the start nothing is asked', async () => {
    const { run, scale, mirrorState } = aBackfill();
    expect(await run(() => 100_000)).toEqual({ outcome: 'unfinished', pages: 0, tasks: 0 });
    expect(scale.requests).toEqual([]);
    expect(mirrorState.walk(PROJECT, 'completed')).toBeUndefined();
  });

  it('for many runs, every run gets on by its pages until all is walked', async () => {
    const backfill = aBackfill();
    const ids = Array.from({ length: 12 }, (_, number) => `task-${String(number)}`);
    backfill.scale.pages.set('completed', pagesOf(...ids.map((id) => [id])));
    let runs = 0;
    while (backfill.mirrorState.walk(PROJECT, 'completed')?.isDone !== true) {
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
  it.each([
    ['half-way', { nextToken: '7', isDone: false }],
    ['done', { isDone: true }],
  ])('begins anew, without the token and from the first day: %s', async (_, held) => {
    const backfill = aBackfill();
    await backfill.mirrorState.putWalk(PROJECT, 'completed', {
      filters: '{"project_name":"Street scenes","status":"completed","limit":50}',
      from: NOON - 2 * 60 * MINUTE_MS,
      until: NOON - 60 * MINUTE_MS,
      walkedAt: NOON,
      pages: 7,
      tasks: 350,
      ...held,
    });
    backfill.scale.pages.set('completed', pagesOf(['a'], ['b']));
    await backfill.run();
    expect(backfill.asked()).toContain('Street scenes, completed, first page');
    expect(windows(backfill)).toEqual([
      [undefined, iso(NOON + 4 * READ_MS)],
      [undefined, iso(NOON + 4 * READ_MS)],
    ]);
    expect(backfill.mirrorState.walk(PROJECT, 'completed')).toMatchObject({ pages: 2, tasks: 2 });
  });
});
