import { aV1Task } from '../../support/builders.ts';
import { NOON } from '../../support/fake-clock.ts';
import { busy, refused } from '../../support/scale-errors.ts';
import {
  aBackfill,
  type Backfill,
  DAY_MS,
  PROJECT,
  QUARTER_HOUR_MS,
  queuedIds,
} from './a-backfill.ts';

const HOUR_MS = 60 * 60_000;
const anywhere = { project: 'Street scenes', batch: undefined };
const v1Pages = (...pages: string[][]): string[][] =>
  pages.map((ids) => ids.map((id) => JSON.stringify(aV1Task({ task_id: id, ...anywhere }))));

/** What v1 was asked for changes, beside the one try whether it knows them. */
const changesAsked = ({ scale }: Pick<Backfill, 'scale'>) =>
  scale.v1Requests
    .map(({ filters }) => filters)
    .filter(({ project }) => project !== undefined)
    .map(({ updated_after }) => updated_after);

const iso = (time: number): string => new Date(time).toISOString();

describe('where v1 tells what has changed', () => {
  it('it is asked at every run, from the look-back on, and its tasks are queued in its form', async () => {
    const backfill = aBackfill();
    backfill.scale.v1Pages = new Map([['updated', v1Pages(['a'], ['b'])]]);
    await backfill.run();
    expect(queuedIds(backfill)).toEqual(['a', 'b']);
    expect(backfill.taskQueue.messages[0]?.attributes).toMatchObject({ api: 'v1' });
    expect(changesAsked(backfill)[0]).toBe(iso(NOON - HOUR_MS - 1_000));
    backfill.scale.v1Requests.length = 0;
    backfill.clock.advance(QUARTER_HOUR_MS);
    await backfill.run();
    const [second] = changesAsked(backfill);
    expect(Date.parse(second ?? '')).toBeLessThan(NOON);
    expect(Date.parse(second ?? '')).toBeGreaterThanOrEqual(NOON - HOUR_MS - 1_000);
  });

  it('the time between two runs is read whole, however long it was', async () => {
    const backfill = aBackfill();
    backfill.scale.v1Pages = new Map();
    await backfill.run();
    backfill.scale.v1Requests.length = 0;
    backfill.clock.advance(3 * DAY_MS);
    await backfill.run();
    expect(Date.parse(changesAsked(backfill)[0] ?? '')).toBeLessThanOrEqual(NOON - HOUR_MS);
  });
});

it('a task that v1 shows without a status is checked, and nothing of it is kept as unrecognised', async () => {
  const backfill = aBackfill();
  backfill.scale.v1Pages = new Map([['updated', [['{"task_id":"chat 1","type":"chat"}']]]]);
  await backfill.run();
  expect(backfill.taskQueue.messages).toMatchObject([
    { body: 'chat%201', attributes: { source: 'check' } },
  ]);
});

it.each([
  ['a completion', {}, false],
  ['an audit', { customer_review_status: 'rejected' }, true],
  ['a later change', { updated_at: new Date(NOON).toISOString() }, true],
  ['a recall', { status: 'pending', completed_at: undefined, response: undefined }, true],
])('%s is queued, unless the list of completed tasks shows it', async (_, members, isQueued) => {
  const completed_at = new Date(NOON - 10 * 60_000).toISOString();
  const task = aV1Task({ completed_at, updated_at: completed_at, ...anywhere, ...members });
  const backfill = aBackfill();
  backfill.scale.v1Pages = new Map([['updated', [[JSON.stringify(task)]]]]);
  await backfill.run();
  expect(backfill.taskQueue.messages).toHaveLength(isQueued ? 1 : 0);
});

describe('v1 is left alone for a day', () => {
  const cases: Record<string, (backfill: Backfill) => void> = {
    'where it refuses': () => undefined,
    'where it does not know the filter': (backfill) => {
      const known = { ...backfill.scale };
      backfill.scale.v1Pages = new Map([['updated', v1Pages(['a'])]]);
      backfill.scale.listV1Tasks = (filters, token) =>
        known.listV1Tasks({ ...filters, updated_after: undefined }, token);
    },
    'where it lists tasks of another project': (backfill) => {
      const foreign = JSON.stringify(aV1Task({ task_id: 'a', project: 'Kitchens' }));
      backfill.scale.v1Pages = new Map([['updated', [[foreign]]]]);
    },
  };

  it.each(Object.entries(cases))('%s, and the run is a good one', async (_, arrange) => {
    const backfill = aBackfill();
    arrange(backfill);
    expect(await backfill.run()).toMatchObject({ outcome: 'finished' });
    backfill.scale.v1Requests.length = 0;
    backfill.clock.advance(DAY_MS / 2);
    await backfill.run();
    expect(backfill.scale.v1Requests).toEqual([]);
    expect(queuedIds(backfill)).toEqual([]);
    backfill.clock.advance(DAY_MS / 2);
    await backfill.run();
    expect(backfill.scale.v1Requests.length).toBeGreaterThan(0);
  });
});

describe('a mirror that lists by v1', () => {
  it('walks its statuses by name, and v2 is not asked for lists', async () => {
    const backfill = aBackfill({ listApi: 'v1' });
    backfill.scale.v1Pages = new Map([
      ['completed', v1Pages(['a'], ['b'])],
      ['pending', v1Pages(['c'])],
    ]);
    await backfill.run();
    expect(queuedIds(backfill).toSorted()).toEqual(['a', 'b', 'c']);
    expect(backfill.scale.requests).toEqual([]);
    const asked = backfill.scale.v1Requests.map(({ filters }) => filters);
    expect(new Set(asked.map(({ status }) => status))).toEqual(
      new Set(['completed', 'pending', 'error', 'canceled', undefined]),
    );
    expect(asked.find(({ status }) => status === 'completed')).toMatchObject({
      project: 'Street scenes',
      completed_before: iso(NOON + 1_000),
    });
  });
});

it('a project that v1 does not know fails nothing, and v1 is asked about the others', async () => {
  const sources = [{ project: 'Street scenes' }, { project: 'Kitchens' }];
  const backfill = aBackfill({ sources });
  const known = { ...backfill.scale };
  backfill.scale.v1Pages = new Map();
  backfill.scale.listV1Tasks = (filters, token) =>
    filters.project === 'Kitchens'
      ? Promise.reject(refused(404))
      : known.listV1Tasks(filters, token);
  expect(await backfill.run()).toMatchObject({ outcome: 'finished' });
  expect(backfill.mirrorState.coverage('project:Kitchens', 'updated')).toMatchObject({
    isRefused: true,
    covered: [],
  });
  expect(backfill.isWalked(PROJECT, 'updated')).toBe(true);
});

it('a Scale that is down is no refusal: the next run asks v1 again', async () => {
  const backfill = aBackfill();
  backfill.scale.v1Pages = new Map();
  backfill.scale.failure = busy();
  await expect(backfill.run()).rejects.toThrow();
  backfill.scale.failure = undefined;
  await backfill.run();
  expect(changesAsked(backfill)).toHaveLength(1);
});
