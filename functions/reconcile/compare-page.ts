import * as v from 'valibot';

import type { Coverage } from '../../shared/coverage/coverage.ts';
import { compare } from '../../shared/observations/compare.ts';
import type { Observation, OrderSettings } from '../../shared/observations/observation.ts';
import { observe, readInterval } from '../../shared/observations/observe.ts';
import { parseTask } from '../../shared/observations/read-task.ts';
import { checkMessage } from '../../shared/queue/task-message.ts';
import type { TaskPage } from '../../shared/scale/tasks.ts';
import { isForgotten } from '../../shared/tasks/forgotten.ts';
import type { Head } from '../../shared/tasks/head.ts';
import type { TaskTable } from '../../shared/tasks/task-table.ts';
import { enqueue, type EnqueueDependencies } from '../../shared/walks/enqueue.ts';
import { type IdsOf, sortOut } from '../../shared/walks/foreign-tasks.ts';
import type { Walk } from '../../shared/walks/walk.ts';
import { isOverdue } from './overdue.ts';
import { type FindingKind, note, type Progress } from './progress.ts';

export interface ComparePageDependencies extends EnqueueDependencies {
  readonly taskTable: Pick<TaskTable, 'getHeads'>;
  readonly idsOf: IdsOf;
  readonly order: OrderSettings;
  /** What backfill has proven of the walked status. */
  readonly proven: (status: string) => Coverage | undefined;
}

interface Finding {
  readonly kind: FindingKind;
  readonly observation: Observation;
  /** The page says nothing new, but the head is in doubt: only a read helps. */
  readonly isCheck: boolean;
}

/**
 * Compares the tasks of a page with their heads, and puts on the queue whatever is not equal: the worker
 * decides by the rule. Nothing is noted before it is durably queued; what is noted may be queued again.
 */
export async function comparePage(
  dependencies: ComparePageDependencies,
  progress: Progress,
  { source, status, api }: Walk,
  page: TaskPage,
): Promise<void> {
  const { taskTable, idsOf, order, proven, clock, taskQueue } = dependencies;
  const { requestedAt, respondedAt } = page;
  const { ours, foreign } = sortOut(page.tasks, api, source, idsOf);
  const observed = ours.flatMap((text) => {
    const one = parseTask(text, api);
    return one.kind === 'task' ? [observe(one, 'backfill', readInterval(page, order))] : [];
  });
  const heads = await taskTable.getHeads(observed.map(({ taskId }) => taskId));
  const found = observed.flatMap((observation): Finding[] => {
    const finding = findingOf(heads.get(observation.taskId), observation);
    return finding === undefined ? [] : [{ ...finding, observation }];
  });
  const [checks, others] = [found.filter(isCheck), found.filter((one) => !isCheck(one))];
  const tasks = others.flatMap(({ observation: { document } }) => document?.text ?? []);
  await enqueue(dependencies, api, { tasks, requestedAt, respondedAt });
  await taskQueue.sendAll(
    checks.map(({ observation: { taskId } }) => checkMessage(taskId, respondedAt)),
  );
  // Those that cannot be read too: backfill has them kept as unrecognised, and none of them is gone.
  for (const taskId of ours.flatMap(idIn)) progress.seen.add(taskId);
  for (const { kind, observation } of found) {
    const isNew = note(progress, kind, observation.taskId);
    const isLate =
      kind === 'missing' && isOverdue(observation.facts, status, proven(status), clock.now());
    if (isNew && isLate) progress.counts.overdue += 1;
  }
  progress.counts.unreadable += ours.length - observed.length;
  progress.counts.foreign += foreign.length;
}

function findingOf(
  head: Head | undefined,
  observation: Observation,
): Omit<Finding, 'observation'> | undefined {
  if (head === undefined) return { kind: 'missing', isCheck: false };
  if (isForgotten(head)) return undefined;
  const comparison = compare(head, observation);
  switch (comparison) {
    case 'newer':
      return undefined;
    case 'same':
      // In doubt while Scale could not be asked, or did not know the task then. Now it lists it.
      return head.confirmed ? undefined : { kind: 'open', isCheck: true };
    case 'differing':
    case 'open':
      return { kind: comparison, isCheck: false };
  }
}

const identified = v.object({ task_id: v.string() });

function idIn(task: string): string[] {
  const read = v.safeParse(identified, JSON.parse(task));
  return read.success ? [read.output.task_id] : [];
}

function isCheck(finding: Finding): boolean {
  return finding.isCheck;
}
