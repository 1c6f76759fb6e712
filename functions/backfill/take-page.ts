import type { Log } from '../../shared/platform/log.ts';
import type { Metrics } from '../../shared/platform/metrics.ts';
import type { TaskPage } from '../../shared/scale/tasks.ts';
import { sortOut } from '../../shared/walks/foreign-tasks.ts';
import { UPDATED } from '../../shared/walks/statuses.ts';
import type { Walk } from '../../shared/walks/walk.ts';
import { enqueue, type EnqueueDependencies } from '../../shared/walks/enqueue.ts';
import type { Names } from '../../shared/walks/names.ts';
import { pickChanges } from './pick-changes.ts';

export interface TakePageDependencies extends EnqueueDependencies {
  readonly names: Pick<Names, 'learn' | 'idsOf'>;
  readonly metrics: Metrics;
  readonly log: Log;
}

/** Queues a page's tasks and learns the names in it. Answers how many were not of this source. */
export async function takePage(
  dependencies: TakePageDependencies,
  walk: Walk,
  page: TaskPage,
): Promise<number> {
  const { source, status, api } = walk;
  const { names, metrics, log } = dependencies;
  const { ours, foreign, seen } = sortOut(page.tasks, api, source, names.idsOf);
  await names.learn(seen, page.requestedAt);
  const { requestedAt, respondedAt } = page;
  const { tasks, checks } =
    status === UPDATED ? pickChanges(ours, respondedAt) : { tasks: ours, checks: [] };
  if (checks.length > 0) await dependencies.taskQueue.sendAll(checks);
  await enqueue(dependencies, api, { tasks, requestedAt, respondedAt });
  metrics.count('BackfillPages');
  metrics.count('BackfillTasks', ours.length);
  if (foreign.length > 0) {
    metrics.count('ForeignTasks', foreign.length);
    log.error('tasks of another project or batch refused', { status, tasks: foreign.length });
  }
  return foreign.length;
}
