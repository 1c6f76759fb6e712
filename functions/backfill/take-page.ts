import * as v from 'valibot';

import type { Log } from '../../shared/platform/log.ts';
import type { Metrics } from '../../shared/platform/metrics.ts';
import type { TaskPage } from '../../shared/scale/tasks.ts';
import { parseTask } from '../../shared/observations/read-task.ts';
import { checkMessage } from '../../shared/queue/task-message.ts';
import { sortOut } from '../../shared/walks/foreign-tasks.ts';
import { UPDATED, type Walk } from '../../shared/walks/walk.ts';
import { enqueue, type EnqueueDependencies } from '../../shared/walks/enqueue.ts';
import type { Names } from '../../shared/walks/names.ts';

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
  const tasks = status === UPDATED ? await checkUnreadable(dependencies, ours, respondedAt) : ours;
  await enqueue(dependencies, api, { tasks, requestedAt, respondedAt });
  metrics.count('BackfillPages');
  metrics.count('BackfillTasks', ours.length);
  if (foreign.length > 0) {
    metrics.count('ForeignTasks', foreign.length);
    log.error('tasks of another project or batch refused', { status, tasks: foreign.length });
  }
  return foreign.length;
}

const identified = v.object({ task_id: v.string() });

/**
 * v1 shows GenAI tasks in a form of its own, without a status: that one of them has changed is reason enough to
 * read it. Answers the others.
 */
async function checkUnreadable(
  { taskQueue }: Pick<TakePageDependencies, 'taskQueue'>,
  tasks: readonly string[],
  noticedAt: number,
): Promise<readonly string[]> {
  const isReadable = (task: string): boolean => parseTask(task, 'v1').kind === 'task';
  const checks = tasks
    .filter((task) => !isReadable(task))
    .flatMap((task) => {
      const read = v.safeParse(identified, JSON.parse(task));
      return read.success ? [checkMessage(read.output.task_id, noticedAt)] : [];
    });
  await taskQueue.sendAll(checks);
  return tasks.filter(isReadable);
}
