import type { Clock, Sleep } from '../../shared/platform/clock.ts';
import type { TasksApi } from '../../shared/scale/tasks.ts';
import type { Head } from '../../shared/tasks/head.ts';
import type { TaskTable } from '../../shared/tasks/task-table.ts';
import { deliveryOf, type Sent } from './send-all.ts';

export interface FollowDependencies {
  readonly api: Pick<TasksApi, 'getTask'>;
  /** Absent where the command was told of no mirror. */
  readonly taskTable: Pick<TaskTable, 'getHeads'> | undefined;
  readonly clock: Clock;
  readonly sleep: Sleep;
  readonly interrupted: AbortSignal;
}

/**
 * - `stored`: this mirror has written the task since
 * - `delivered`: Scale says that a 2xx came, and did not say so before
 * - `not yet`: nothing of the kind, though it would show
 * - `unproven`: it would not show: the mirror has the task as the callback has it, and Scale counts an earlier
 *   callback as delivered, or says nothing of callbacks
 */
export type Arrival = 'stored' | 'delivered' | 'not yet' | 'unproven';

const LOOK_EVERY_MS = 2_000;

/**
 * Looks until all callbacks that were sent have shown to be there, or the time is over. A duplicate changes nothing in
 * the table, by design: then only Scale's own flag can tell, and only where it was not set before.
 */
export async function follow(
  { api, taskTable, clock, sleep, interrupted }: FollowDependencies,
  sent: readonly Sent[],
  waitMs: number,
): Promise<ReadonlyMap<string, Arrival>> {
  const arrivals = new Map<string, Arrival>();
  const until = clock.now() + waitMs;
  const mayGoOn = (): boolean => clock.now() < until && !interrupted.aborted;
  let open = sent.filter(({ outcome }) => outcome === 'sent');
  while (open.length > 0) {
    await lookHere(taskTable, open, arrivals);
    for (const one of open) {
      if (arrivals.has(one.taskId) || !asksScale(one, taskTable) || !mayGoOn()) continue;
      const delivery = await deliveryOf(api, one.taskId);
      if (delivery === 'delivered') arrivals.set(one.taskId, 'delivered');
    }
    open = open.filter(({ taskId }) => !arrivals.has(taskId));
    if (!open.some((one) => wouldShow(one, taskTable)) || !mayGoOn()) break;
    await sleep(LOOK_EVERY_MS);
  }
  for (const one of open) {
    arrivals.set(one.taskId, wouldShow(one, taskTable) ? 'not yet' : 'unproven');
  }
  return arrivals;
}

async function lookHere(
  taskTable: FollowDependencies['taskTable'],
  open: readonly Sent[],
  arrivals: Map<string, Arrival>,
): Promise<void> {
  const heads = await taskTable?.getHeads(open.map(({ taskId }) => taskId));
  for (const one of open) {
    if (isStored(one, heads?.get(one.taskId))) arrivals.set(one.taskId, 'stored');
  }
}

/** A walk or a confirm may write a head too, so one that was there has to say that a callback did. */
function isStored({ version }: Sent, head: Head | undefined): boolean {
  if (head === undefined || head.version === version) return false;
  return version === undefined || head.observedBy === 'callback';
}

/** A task without a head here must get one; else Scale's flag must turn. */
function wouldShow(one: Sent, taskTable: FollowDependencies['taskTable']): boolean {
  return isAwaited(one, taskTable) || one.delivery === 'lost';
}

function asksScale(one: Sent, taskTable: FollowDependencies['taskTable']): boolean {
  return !isAwaited(one, taskTable) && (one.delivery === 'lost' || one.delivery === 'unsaid');
}

function isAwaited({ version }: Sent, taskTable: FollowDependencies['taskTable']): boolean {
  return taskTable !== undefined && version === undefined;
}
