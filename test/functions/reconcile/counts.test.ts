import type { ReconcileReport } from '../../../shared/coverage/reports.ts';
import { aReconcile, completed, DAY_MS, type Reconcile, unfinished } from './a-reconcile.ts';

const HOUR_MS = DAY_MS / 24;
const night = { id: 'batch_night', name: 'night' };

/** A project that was reconciled just now, with a batch in progress of three tasks, at an account that answers v1. */
async function aReconciledProject(): Promise<Reconcile> {
  const one = aReconcile();
  const tasks = [completed('a', { batch: night }), completed('b', { batch: night })];
  const open = unfinished('c', { batch: night });
  await one.here(...tasks, open);
  one.atScale(...tasks, open);
  await one.mirrorState.putV1({ answers: true, reason: 'it answers', checkedAt: one.clock.now() });
  one.scale.batches = [
    {
      ...night,
      project: { name: 'Street scenes' },
      status: 'in_progress',
      createdAt: undefined,
      completedAt: undefined,
    },
  ];
  one.scale.counts.set('night', { completed: 2, pending: 1 });
  await one.run();
  return one;
}

/** What the schedule does an hour later. */
async function anHourLater(one: Reconcile): Promise<readonly ReconcileReport[]> {
  one.clock.advance(HOUR_MS);
  return (await one.call({})).reports;
}

describe('a batch of which Scale counts other tasks than stand here', () => {
  it('is reconciled by itself once the difference has stood for an hour', async () => {
    const one = await aReconciledProject();
    one.scale.counts.set('night', { completed: 3, pending: 1 });
    one.scale.pages.set('completed', [
      ['a', 'b', 'lost'].map((id) => JSON.stringify(completed(id, { batch: night }))),
    ]);
    expect(await anHourLater(one)).toEqual([]);
    expect(await anHourLater(one)).toMatchObject([{ source: 'batch:night', missing: 1 }]);
    await one.mirror.drain();
    expect(one.status('lost')).toBe('completed');
  });

  it('is left alone while the difference moves: its tasks are on their way', async () => {
    const one = await aReconciledProject();
    for (const number of [3, 4, 5]) {
      one.scale.counts.set('night', { completed: number, pending: 1 });
      expect(await anHourLater(one)).toEqual([]);
    }
  });

  it('is not walked again for a difference that a walk has not settled', async () => {
    const one = await aReconciledProject();
    one.scale.counts.set('night', { completed: 9, pending: 1 });
    await anHourLater(one);
    expect(await anHourLater(one)).toHaveLength(1);
    expect(await anHourLater(one)).toEqual([]);
    one.scale.counts.set('night', { completed: 10, pending: 1 });
    expect(await anHourLater(one)).toEqual([]);
    expect(await anHourLater(one)).toHaveLength(1);
  });

  it('is not asked for more often than once an hour, nor where v1 does not answer', async () => {
    const one = await aReconciledProject();
    let asked = 0;
    one.scale.countBatchTasks = async () => {
      asked += 1;
      return undefined;
    };
    await anHourLater(one);
    one.clock.advance(HOUR_MS / 2);
    await one.call({});
    expect(asked).toBe(1);
    await one.mirrorState.putV1({ answers: false, reason: '404', checkedAt: one.clock.now() });
    await anHourLater(one);
    expect(asked).toBe(1);
  });
});

it('a batch whose counts are those that stand here is not walked', async () => {
  const one = await aReconciledProject();
  for (let hours = 0; hours < 3; hours += 1) expect(await anHourLater(one)).toEqual([]);
});
