import { aV1Task } from '../../support/builders.ts';
import { busy } from '../../support/scale-errors.ts';
import { aReconcile, completed, DAY_MS } from './a-reconcile.ts';

const HOUR_MS = DAY_MS / 24;

/** A mirror of one completed task, at an account that answers v1. */
async function anAccount(...listed: readonly object[]) {
  const one = aReconcile();
  await one.here(completed('a'));
  one.atScale(completed('a'));
  await one.mirrorState.putV1({ answers: true, reason: 'it answers', checkedAt: one.clock.now() });
  const hoursAgo = (hours: number) => new Date(one.clock.now() - hours * HOUR_MS).toISOString();
  const tasks = listed.map((members, number) =>
    JSON.stringify(
      aV1Task({ task_id: `task ${String(number)}`, completed_at: hoursAgo(30), ...members }),
    ),
  );
  one.scale.v1Pages = new Map([['completed', [tasks.slice(0, 2), tasks.slice(2)]]]);
  return { ...one, hoursAgo };
}

describe('what Scale says of its callbacks', () => {
  it('tells the lost from those of which it says nothing, by each of the names of the flag', async () => {
    const one = await anAccount(
      { callback_succeeded: true },
      { callback_completed: true },
      { callback_succeeded_at: '2026-11-21T10:00:00.000Z' },
      { callback_succeeded: false },
      { callback_completed: false },
      {},
    );
    const report = await one.run();
    expect(report.deliveries).toEqual({ delivered: 3, lost: 2, unsaid: 1 });
    expect(await one.idsOf(report)).toMatchObject({
      callbackLost: ['task 3', 'task 4'],
      callbackUnsaid: ['task 5'],
    });
  });

  it('is of completions whose retries are over, since the last reconcile looked', async () => {
    const one = await anAccount();
    const lost = (task_id: string, hours: number) =>
      JSON.stringify(
        aV1Task({ task_id, completed_at: one.hoursAgo(hours), callback_succeeded: false }),
      );
    const tasks = [lost('still tried', 23), lost('given up', 25), lost('known before', 50)];
    one.scale.v1Pages = new Map([['completed', [tasks]]]);
    expect(await one.idsOf(await one.run())).toMatchObject({ callbackLost: ['given up'] });
  });

  it('is not asked of an account that does not answer v1', async () => {
    const one = await anAccount({ callback_succeeded: false });
    await one.mirrorState.putV1({ answers: false, reason: '404', checkedAt: one.clock.now() });
    expect((await one.run()).deliveries).toBeUndefined();
    expect(one.scale.v1Requests).toEqual([]);
  });

  it('leaves the report of the tasks as it is where v1 fails', async () => {
    const one = await anAccount({ callback_succeeded: false });
    one.scale.listV1Tasks = () => Promise.reject(busy());
    const report = await one.run();
    expect(report).toMatchObject({ isComplete: true, atScale: 1, missing: 0 });
    expect(report.deliveries).toBeUndefined();
  });
});
