import { aCallback, aV1Task } from '../../support/builders.ts';
import { MINUTE_MS } from '../../support/worker-driver.ts';
import { aReconcile, completed, PROJECT, unfinished } from './a-reconcile.ts';

const HOUR_MS = 60 * MINUTE_MS;

describe('a reconcile', () => {
  it('finds what is missing, and has it brought', async () => {
    const one = aReconcile();
    await one.here(completed('known'));
    one.atScale(completed('known'), completed('lost'), unfinished('new'));
    const report = await one.run();
    expect(report).toMatchObject({ source: PROJECT, isComplete: true, atScale: 3, here: 1 });
    expect(report).toMatchObject({ missing: 2, differing: 0, open: 0, gone: 0 });
    expect(await one.idsOf(report)).toMatchObject({ missing: ['new', 'lost'] });
    await one.mirror.drain();
    expect([one.status('lost'), one.status('new')]).toEqual(['completed', 'pending']);
  });

  it('finds recalls, cancels and edits that nobody announced, and has them mended', async () => {
    const one = aReconcile();
    await one.here(
      completed('recalled'),
      unfinished('canceled'),
      completed('edited'),
      completed('moved'),
      completed('same'),
    );
    one.atScale(
      unfinished('recalled'),
      unfinished('canceled', { status: 'canceled' }),
      completed('edited', { metadata: { city: 'Paris' } }),
      completed('moved', { batch: { id: 'batch_2', name: 'day' } }),
      completed('same'),
    );
    const report = await one.run();
    expect(report).toMatchObject({ missing: 0, differing: 4, gone: 0, atScale: 5 });
    const { differing } = await one.idsOf(report);
    expect(differing?.toSorted()).toEqual(['canceled', 'edited', 'moved', 'recalled']);
    expect(await one.mirror.drain()).toEqual([]);
    expect([one.status('recalled'), one.status('canceled')]).toEqual(['pending', 'canceled']);
    expect((await one.mirror.current('edited')).text).toContain('Paris');
    expect(one.mirror.head('moved').facts.batch).toEqual({ id: 'batch_2', name: 'day' });
    expect(one.mirror.head('same').version).toBe(1);
    one.clock.advance(HOUR_MS);
    expect(await one.run()).toMatchObject({ missing: 0, differing: 0, open: 0, gone: 0 });
  });

  it('finds what Scale does not list any more, and has it buried once Scale has said so twice', async () => {
    const one = aReconcile();
    await one.here(completed('deleted'), completed('stays'), completed('unlisted'));
    one.atScale(completed('stays'));
    one.scale.set('v2', completed('unlisted'));
    const report = await one.run();
    expect(report).toMatchObject({ gone: 2, atScale: 1, here: 3, differing: 0 });
    expect(await one.idsOf(report)).toMatchObject({ gone: ['deleted', 'unlisted'] });
    expect(await one.mirror.drain()).toEqual([]);
    expect(one.status('deleted')).toBe('deleted');
    expect(one.status('unlisted')).toBe('completed');
    expect(await one.mirror.unrecognised()).toEqual([]);
  });

  it('does not call gone what is buried already', async () => {
    const one = aReconcile();
    await one.here(completed('deleted'));
    one.atScale();
    await one.run();
    await one.mirror.drain();
    one.clock.advance(HOUR_MS);
    expect(await one.run()).toMatchObject({ gone: 0, here: 1 });
    expect(one.mirror.taskQueue.messages).toEqual([]);
  });

  it('of an account in which nothing has changed queues and writes nothing', async () => {
    const one = aReconcile();
    const tasks = [completed('a'), completed('b'), unfinished('c'), completed('d'), completed('e')];
    await one.here(...tasks);
    const versions = () => tasks.map(({ task_id }) => one.mirror.head(String(task_id)).version);
    const before = versions();
    one.atScale(...tasks);
    const report = await one.run();
    expect(report).toMatchObject({
      atScale: 5,
      here: 5,
      missing: 0,
      differing: 0,
      open: 0,
      gone: 0,
    });
    expect(report.idsKey).toBeUndefined();
    expect(one.mirror.taskQueue.messages).toEqual([]);
    expect(one.mirror.bodies.keys()).toEqual([]);
    expect(versions()).toEqual(before);
  });

  it('leaves alone what has changed here since it began', async () => {
    const one = aReconcile();
    await one.here(completed('known'));
    one.atScale(completed('known'));
    const unspoilt = { ...one.scale };
    one.scale.listTasks = async (filters, nextToken) => {
      const page = await unspoilt.listTasks(filters, nextToken);
      if (filters.status !== 'completed' || nextToken !== undefined) return page;
      // After the page was read: a callback says that it was created and completed just now.
      one.clock.advance(MINUTE_MS);
      const completed_at = new Date(one.clock.now()).toISOString();
      const members = { task_id: 'meanwhile', completed_at };
      const body = { ...aV1Task(members), task_id: 'meanwhile' };
      await one.mirror.post(aCallback(body));
      await one.mirror.deliver(...one.mirror.taskQueue.receive());
      return page;
    };
    expect(await one.run()).toMatchObject({ missing: 0, differing: 0, gone: 0, here: 2 });
    expect(one.mirror.taskQueue.messages).toEqual([]);
  });

  it('reads a task that only a callback has shown, without calling it differing', async () => {
    const one = aReconcile();
    await one.mirror.see(aCallback(aV1Task({ task_id: 'by callback', batch: 'night' })));
    one.clock.advance(HOUR_MS);
    one.atScale(completed('by callback'));
    const report = await one.run();
    expect(report).toMatchObject({ missing: 0, gone: 0, differing: 0, open: 1 });
    await one.mirror.drain();
    expect(one.mirror.head('by callback').documents.v2).toBeDefined();
    one.clock.advance(HOUR_MS);
    expect(await one.run()).toMatchObject({ open: 0, differing: 0 });
  });

  it('has a head that is in doubt looked at', async () => {
    const one = aReconcile();
    await one.here(completed('doubtful'));
    const head = one.mirror.head('doubtful');
    await one.mirror.taskTable.putHead({ ...head, version: 2, confirmed: false });
    one.atScale(completed('doubtful'));
    expect(await one.run()).toMatchObject({ open: 1, differing: 0 });
    await one.mirror.drain();
    expect(one.mirror.head('doubtful')).toMatchObject({ confirmed: true, revision: 1 });
  });

  it('counts for the alarms, nothing too', async () => {
    const one = aReconcile();
    const { metrics } = one.mirror;
    const counted = () =>
      (['TasksCompared', 'TasksMissing', 'TasksDiffering', 'TasksGone'] as const).map((name) =>
        metrics.total(name),
      );
    await one.here(completed('edited'), completed('gone'));
    // Backfill says that it has read all of it, a while ago.
    const walkedAt = one.clock.now() - 2 * HOUR_MS;
    const covered = [{ until: walkedAt, walkedAt, lastWalkedAt: walkedAt }];
    for (const status of ['completed', 'pending']) {
      await one.mirrorState.putCoverage(PROJECT, status, { filters: 'any', covered });
    }
    const justNow = new Date(one.clock.now()).toISOString();
    one.atScale(
      completed('edited', { metadata: { city: 'Paris' } }),
      completed('lost', { completed_at: '2026-11-21T09:00:00.000Z' }),
      unfinished('lost too', { created_at: '2026-11-21T09:00:00.000Z' }),
      unfinished('new', { created_at: justNow }),
    );
    expect(await one.run()).toMatchObject({ missing: 3, overdue: 2, differing: 1, gone: 1 });
    expect(counted()).toEqual([4, 2, 1, 1]);
  });

  it('logs no name of the customer, and no body', async () => {
    const one = aReconcile();
    await one.here(completed('task-1'));
    one.atScale(completed('task-2', { metadata: { city: 'Paris' } }));
    await one.run();
    expect(one.mirror.log.lines.join()).not.toMatch(/Street|Paris/);
  });
});
