import { decide, takesCompletionBack } from '../../shared/observations/decide.ts';
import type { Observation } from '../../shared/observations/observation.ts';
import { observe, observeDeletion, readInterval } from '../../shared/observations/observe.ts';
import { unconfirmedHead } from '../../shared/observations/next-head.ts';
import { errorName, loggableId } from '../../shared/platform/log.ts';
import type { Progress } from '../../shared/queue/task-message.ts';
import type { ScaleApi } from '../../shared/scale/scale-api.ts';
import type { Head, Shape } from '../../shared/tasks/head.ts';
import { type Absence, askScale, type SeenAnswer } from './ask-scale.ts';
import type { WorkerDependencies } from './dependencies.ts';
import { withNames } from './resolve-names.ts';
import { waitAfter } from './unavailable.ts';
import { carryOut } from './write-observation.ts';

/** A task about which somebody has to ask Scale. */
export interface Doubt {
  readonly taskId: string;
  readonly head: Head | undefined;
  /** The API of the doubtful observation. */
  readonly shape: Shape;
  /** The doubtful one; absent where there is only a hint to look. */
  readonly observation?: Observation | undefined;
  /** When the doubtful observation was last true. */
  readonly until: number;
  readonly progress: Progress;
}

/**
 * `settled`: the head says what Scale says. `unknown`: Scale does not know the task; the body is kept, a
 * head marked unconfirmed. `again`: ask again after `afterMs`; `progress` goes with the message.
 */
export type Confirmation =
  | { readonly outcome: 'settled' }
  | { readonly outcome: 'unknown' }
  | { readonly outcome: 'again'; readonly afterMs: number; readonly progress: Progress };

/**
 * Settles a doubt by reading the task once. A read may lag behind Scale by `settle`, so it may not begin
 * before that much time has passed since both observations; until then the message waits on the queue.
 */
export async function confirm(
  dependencies: WorkerDependencies,
  api: ScaleApi,
  doubt: Doubt,
): Promise<Confirmation> {
  const { clock, order, metrics, log } = dependencies;
  const { head, until, progress, observation } = doubt;
  if (head?.confirmed && observation && takesCompletionBack(head, observation)) {
    return markDoubt(dependencies, head, progress);
  }
  const markedAt = head === undefined || head.confirmed ? 0 : head.mirroredAt;
  // One millisecond more, so that the read's interval begins after what it has to settle.
  const earliest = Math.max(until, head?.interval.until ?? 0, markedAt) + order.settleMs + 1;
  const afterMs = earliest - clock.now();
  if (afterMs > 0) {
    metrics.count('ConfirmPostponed');
    return { outcome: 'again', afterMs, progress };
  }
  metrics.count('ConfirmRequested');
  try {
    const answer = await askScale(api, clock, doubt);
    return await (answer.kind === 'task'
      ? decideOnAnswer(dependencies, doubt, answer)
      : decideOnAbsence(dependencies, doubt, answer));
  } catch (error) {
    const waitMs = waitAfter(error);
    if (waitMs === undefined) throw error;
    metrics.count('ConfirmUnavailable');
    log.warn('task not confirmed: Scale could not be asked', {
      taskId: loggableId(doubt.taskId),
      error: errorName(error),
    });
    return { outcome: 'again', afterMs: waitMs, progress };
  }
}

async function decideOnAnswer(
  dependencies: WorkerDependencies,
  { head, progress }: Doubt,
  { seen, times }: SeenAnswer,
): Promise<Confirmation> {
  const answered = observe(seen, 'confirm', readInterval(times, dependencies.order));
  return settle(dependencies, head, await withNames(dependencies, answered), progress);
}

/** Writes what Scale has answered; where a writer was faster, the round ends without a result. */
async function settle(
  dependencies: WorkerDependencies,
  head: Head | undefined,
  observation: Observation,
  progress: Progress,
): Promise<Confirmation> {
  const decision = decide(head, observation);
  if (decision === 'confirm') return undecided(progress);
  const isThere = observation.document !== undefined;
  if (head?.confirmed && isThere && takesCompletionBack(head, observation)) {
    return markDoubt(dependencies, head, progress);
  }
  const outcome = await carryOut(dependencies, decision, head, observation);
  return outcome === 'written' ? { outcome: 'settled' } : undecided(progress);
}

/**
 * A recall may be undone within `settle`, and the undoing looks like a duplicate of the completion. So
 * before a completed task is taken back the head says that it is in doubt; from then on duplicates move its
 * interval. A read that begins `settle` after both the mark and the last duplicate shows what came of it.
 */
async function markDoubt(
  { taskTable, clock, order, metrics }: WorkerDependencies,
  head: Head,
  progress: Progress,
): Promise<Confirmation> {
  metrics.count('ConfirmPostponed');
  const outcome = await taskTable.putHead(unconfirmedHead(head, clock.now()));
  return { outcome: 'again', afterMs: outcome === 'written' ? order.settleMs + 1 : 0, progress };
}

/**
 * 404 makes a tombstone only if an API that says so has shown the task at a read, if only at the doubtful
 * page, and a second read after `settle` says 404 too. A callback is not enough: its id may belong to test
 * mode or another account, or be newer than the read. Then the head stays, unconfirmed.
 */
async function decideOnAbsence(
  dependencies: WorkerDependencies,
  { head, progress, observation }: Doubt,
  { startedAt, asked }: Absence,
): Promise<Confirmation> {
  const { clock, order, taskTable } = dependencies;
  if (head === undefined) return { outcome: 'unknown' };
  const pageOf = observation?.source === 'backfill' ? observation.shape : undefined;
  const shape = asked.find((one) => head.documents[one]?.wasRead === true || one === pageOf);
  if (shape === undefined) {
    const isWritten = (await taskTable.putHead(unconfirmedHead(head, clock.now()))) === 'written';
    return isWritten ? { outcome: 'unknown' } : undecided(progress);
  }
  const { missingSince } = progress;
  if (missingSince === undefined || startedAt - missingSince < order.settleMs) {
    const since = missingSince ?? startedAt;
    const afterMs = since + order.settleMs + 1 - clock.now();
    return { outcome: 'again', afterMs, progress: { ...progress, missingSince: since } };
  }
  const interval = readInterval({ requestedAt: startedAt, respondedAt: clock.now() }, order);
  return settle(dependencies, head, observeDeletion(head, shape, interval), progress);
}

function undecided(progress: Progress): Confirmation {
  return { outcome: 'again', afterMs: 0, progress: { ...progress, rounds: progress.rounds + 1 } };
}
