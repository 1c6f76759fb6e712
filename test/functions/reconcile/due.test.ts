import { readRequest } from '../../../functions/reconcile/request.ts';
import { ReconcileFailedError } from '../../../functions/reconcile/reconcile.ts';
import { NOON } from '../../support/fake-clock.ts';
import { refused } from '../../support/scale-errors.ts';
import { aReconcile, completed, DAY_MS, PROJECT, QUARTER_HOUR_MS } from './a-reconcile.ts';

/** Backfill has read all that there was at noon. */
const span = { until: NOON, walkedAt: NOON, lastWalkedAt: NOON };
const walked = { filters: 'any', covered: [span] };

describe('the schedule', () => {
  it('begins once the first backfill is through', async () => {
    const one = aReconcile();
    one.atScale(completed('a'));
    expect(await one.call({})).toEqual({ outcome: 'finished', reports: [] });
    const part = { ...walked, covered: [{ ...span, from: NOON - 1 }] };
    await one.mirrorState.putCoverage(PROJECT, 'completed', part);
    expect(await one.call({})).toEqual({ outcome: 'finished', reports: [] });
    await one.mirrorState.putCoverage(PROJECT, 'completed', walked);
    expect(await one.call({})).toMatchObject({ reports: [{ missing: 1 }] });
  });

  it('comes back to a source after its time, and not before', async () => {
    const one = aReconcile();
    await one.run();
    one.clock.advance(DAY_MS - QUARTER_HOUR_MS);
    expect(await one.call({})).toMatchObject({ reports: [] });
    one.clock.advance(QUARTER_HOUR_MS);
    expect(await one.call({})).toMatchObject({ reports: [{ source: PROJECT }] });
  });

  it('takes first the source that was reconciled longest ago', async () => {
    const sources = ['A', 'B', 'C'].map((batch) => ({ batch }));
    const one = aReconcile({ sources });
    await one.call();
    const [a, b, c] = await one.reports.list();
    if (!a || !b || !c) throw new Error('not all were reconciled');
    await one.reports.put({ ...b, startedAt: NOON - DAY_MS });
    one.clock.advance(DAY_MS);
    const { reports } = await one.call({});
    expect(reports.map(({ source }) => source)).toEqual(['batch:B', 'batch:A', 'batch:C']);
  });

  it('goes on with the others where one source fails', async () => {
    const one = aReconcile({ sources: [{ batch: 'bad' }, { batch: 'good' }] });
    const unspoilt = { ...one.scale };
    one.scale.listTasks = async (filters, nextToken) => {
      if (filters.batch_name === 'bad') throw refused(404);
      return unspoilt.listTasks(filters, nextToken);
    };
    await expect(one.call()).rejects.toThrow(ReconcileFailedError);
    expect(await one.reports.list()).toMatchObject([
      { source: 'batch:bad', isComplete: false },
      { source: 'batch:good', isComplete: true },
    ]);
  });

  it('does nothing without a key, and beside another run', async () => {
    const alone = aReconcile({ readApiKey: async () => undefined });
    expect(await alone.call()).toEqual({ outcome: 'no key', reports: [] });
    const one = aReconcile();
    const now = one.clock.now();
    await one.mirrorState.holdLease({ name: 'reconcile', owner: 'other' }, now, now + 1_000);
    expect(await one.call()).toEqual({ outcome: 'busy', reports: [] });
    expect(one.scale.requests).toEqual([]);
  });
});

describe('a request', () => {
  it.each<[unknown, number | undefined]>([
    [{}, undefined],
    [{ full: false }, undefined],
    [undefined, undefined],
    [{ full: true }, NOON],
    [{ full: true, since: '2026-11-21T11:59:59.000Z' }, NOON - 1_000],
    [{ full: true, since: 'yesterday' }, undefined],
  ])('%j is for all that was not begun with since %s', (event, allSince) => {
    expect(readRequest(event, NOON).allSince).toBe(allSince);
  });
});
