import { walkedStatuses } from '../../../shared/walks/statuses.ts';
import { NOON } from '../../support/fake-clock.ts';
import { timedOut } from '../../support/scale-errors.ts';
import { aBackfill, pagesOf, withListTasks } from './a-backfill.ts';

const MINUTE_MS = 60_000;
const other = { name: 'backfill', owner: 'another run' };

it('a second run beside the first is busy and asks nothing', async () => {
  const { run, mirrorState, scale } = aBackfill();
  await mirrorState.holdLease(other, NOON, NOON + 11 * MINUTE_MS);
  expect(await run()).toEqual({ outcome: 'busy', pages: 0, tasks: 0 });
  expect(scale.requests).toEqual([]);
});

it('two runs that start at once are one run', async () => {
  const { run, scale } = aBackfill();
  scale.pages.set('completed', pagesOf(['a'], ['b']));
  const outcomes = await Promise.all([run(), run()]);
  expect(outcomes.map(({ outcome }) => outcome).sort()).toEqual(['busy', 'finished']);
  expect(scale.requests).toHaveLength(1 + walkedStatuses.length);
});

it('a busy run leaves the lease with its owner', async () => {
  const { run, mirrorState } = aBackfill();
  await mirrorState.holdLease(other, NOON, NOON + 11 * MINUTE_MS);
  await run();
  expect(await run()).toMatchObject({ outcome: 'busy' });
});

it('the lease of a run that died runs out', async () => {
  const { run, mirrorState, clock } = aBackfill();
  await mirrorState.holdLease(other, NOON, NOON + 11 * MINUTE_MS);
  clock.advance(12 * MINUTE_MS);
  expect(await run()).toMatchObject({ outcome: 'finished' });
});

it('the lease is extended from page to page', async () => {
  const backfill = aBackfill();
  backfill.scale.pages.set('completed', pagesOf(['a'], ['b'], ['c'], ['d']));
  const intruders: boolean[] = [];
  withListTasks(backfill, () => {
    backfill.clock.advance(4 * MINUTE_MS);
    const now = backfill.clock.now();
    void backfill.mirrorState
      .holdLease(other, now, now + MINUTE_MS)
      .then((held) => intruders.push(held));
  });
  expect(await backfill.run()).toMatchObject({ outcome: 'finished', pages: 8 });
  expect(intruders).toEqual(Array<boolean>(8).fill(false));
});

it('a run that has lost its lease stops, and leaves the lease to the new owner', async () => {
  const backfill = aBackfill();
  backfill.scale.pages.set('completed', pagesOf(['a'], ['b'], ['c']));
  withListTasks(backfill, () => {
    backfill.clock.advance(12 * MINUTE_MS);
    const now = backfill.clock.now();
    void backfill.mirrorState.holdLease(other, now, now + 11 * MINUTE_MS);
  });
  expect(await backfill.run()).toEqual({ outcome: 'unfinished', pages: 1, tasks: 1 });
  expect(await backfill.run()).toMatchObject({ outcome: 'busy' });
});

it.each([
  ['succeeded', undefined],
  ['failed', new Error('down')],
])('the lease is free after a run that %s', async (_, failure) => {
  const { run, scale, mirrorState, clock } = aBackfill();
  scale.failure = failure;
  await run().catch(() => undefined);
  const now = clock.now();
  expect(await mirrorState.holdLease(other, now, now + MINUTE_MS)).toBe(true);
});

it('a page that was asked for ahead by a run that failed does not hold up the next', async () => {
  const backfill = aBackfill();
  backfill.scale.pages.set('completed', pagesOf(['a'], ['b']));
  const pages = { ...backfill.scale };
  let late: Promise<unknown> = Promise.resolve();
  let letItFail: () => void = () => undefined;
  backfill.scale.listTasks = (filters, token) => {
    if (token === undefined) return pages.listTasks(filters, token);
    const page = new Promise<never>((_, reject) => {
      letItFail = () => {
        reject(timedOut());
      };
    });
    late = page.catch(() => undefined);
    return page;
  };
  backfill.taskQueue.failure = new Error('SQS is down');
  await expect(backfill.run()).rejects.toThrow('Street scenes (completed)');
  backfill.clock.advance(2 * MINUTE_MS);
  letItFail();
  await late;
  await new Promise(setImmediate);
  const now = backfill.clock.now();
  expect(await backfill.mirrorState.holdLease(other, now, now + MINUTE_MS)).toBe(true);
});
