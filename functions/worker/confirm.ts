import { decide } from '../../shared/observations/decide.ts';
import type { Observation } from '../../shared/observations/observation.ts';
import {
  observe,
  observeDeletion,
  readInterval,
  type ReadTimes,
  type SeenTask,
} from '../../shared/observations/observe.ts';
import { unconfirmedHead } from '../../shared/observations/next-head.ts';
import { parseTask } from '../../shared/observations/read-task.ts';
import { errorName } from '../../shared/platform/log.ts';
import type { Progress } from '../../shared/queue/task-message.ts';
import type { ScaleApi } from '../../shared/scale/scale-api.ts';
import type { Head, Shape } from '../../shared/tasks/head.ts';
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
  /** When the doubtful observation was last true. */
  readonly until: number;
  readonly progress: Progress;
}

/**
 * - `settled`: the head says what Scale says
 * - `unknown`: Scale does not know the task: the body is kept, and a head there is marked unconfirmed
 * - `again`: ask again after `afterMs`; `progress` goes with the message
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
  const { head, until, progress } = doubt;
  // One millisecond more, so that the read's interval begins after what it has to settle.
  const earliest = Math.max(until, head?.interval.until ?? 0) + order.settleMs + 1;
  const afterMs = earliest - clock.now();
  if (afterMs > 0) {
    metrics.count('ConfirmPostponed');
    return { outcome: 'again', afterMs, progress };
  }
  metrics.count('ConfirmRequested');
  try {
    return await readAndDecide(dependencies, api, doubt);
  } catch (error) {
    const waitMs = waitAfter(error);
    if (waitMs === undefined) throw error;
    metrics.count('ConfirmUnavailable');
    log.warn('task not confirmed: Scale could not be asked', {
      taskId: doubt.taskId,
      error: errorName(error),
    });
    return { outcome: 'again', afterMs: waitMs, progress };
  }
}

/**
 * Asks the API of the doubtful observation. The other one only where that one does not know the task and
 * the other has shown it, or no read of that one ever has, or where the answer cannot be read: v1 shows
 * GenAI tasks without a status.
 */
async function readAndDecide(
  dependencies: WorkerDependencies,
  api: ScaleApi,
  doubt: Doubt,
): Promise<Confirmation> {
  const { taskId, head, shape } = doubt;
  const other = shape === 'v1' ? 'v2' : 'v1';
  const startedAt = dependencies.clock.now();
  const first = await read(api, taskId, shape);
  if (first.kind === 'task') return decideOnAnswer(dependencies, doubt, first);
  const isWorthAsking =
    first.kind === 'unreadable' ||
    head?.documents[shape]?.wasRead !== true ||
    head.documents[other] !== undefined;
  const second = isWorthAsking ? await read(api, taskId, other) : first;
  if (second.kind === 'task') return decideOnAnswer(dependencies, doubt, second);
  const unreadable = [first, second].find((one) => one.kind === 'unreadable');
  if (unreadable !== undefined) throw new UnreadableAnswerError(taskId, unreadable.reason);
  const asked: readonly Shape[] = isWorthAsking ? [shape, other] : [shape];
  return decideOnAbsence(dependencies, doubt, { startedAt, asked });
}

type ReadAnswer =
  | { readonly kind: 'task'; readonly seen: SeenTask; readonly times: ReadTimes }
  | { readonly kind: 'unreadable'; readonly reason: string }
  | { readonly kind: 'absent' };

async function read(api: ScaleApi, taskId: string, shape: Shape): Promise<ReadAnswer> {
  const answer = await api.getTask(taskId, shape);
  if (answer === undefined) return { kind: 'absent' };
  const seen = parseTask(answer.text, shape);
  if (seen.kind === 'unrecognised') return { kind: 'unreadable', reason: seen.reason };
  return seen.taskId === taskId
    ? { kind: 'task', seen, times: answer }
    : { kind: 'unreadable', reason: 'the answer is another task' };
}

async function decideOnAnswer(
  dependencies: WorkerDependencies,
  { head, progress }: Doubt,
  { seen, times }: Extract<ReadAnswer, { kind: 'task' }>,
): Promise<Confirmation> {
  const observation = observe(seen, 'confirm', readInterval(times, dependencies.order));
  return settle(dependencies, head, await withNames(dependencies, observation), progress);
}

/** Writes what Scale has answered; a writer who was faster makes the round end without a result. */
async function settle(
  dependencies: WorkerDependencies,
  head: Head | undefined,
  observation: Observation,
  progress: Progress,
): Promise<Confirmation> {
  const decision = decide(head, observation);
  if (decision === 'confirm') return undecided(progress);
  const outcome = await carryOut(dependencies, decision, head, observation);
  return outcome === 'written' ? { outcome: 'settled' } : undecided(progress);
}

/** All who were asked have answered 404. */
interface Absence {
  readonly startedAt: number;
  readonly asked: readonly Shape[];
}

/**
 * 404 makes a tombstone only if an API that says so has shown the task at a read before, and a second read
 * after `settle` says 404 too. A callback is not enough: its id may belong to test mode or to another
 * account, or be newer than the read. Then the head stays, unconfirmed.
 */
async function decideOnAbsence(
  dependencies: WorkerDependencies,
  { head, progress }: Doubt,
  { startedAt, asked }: Absence,
): Promise<Confirmation> {
  const { clock, order, taskTable } = dependencies;
  if (head === undefined) return { outcome: 'unknown' };
  const shape = asked.find((one) => head.documents[one]?.wasRead === true);
  if (shape === undefined) {
    const isWritten = (await taskTable.putHead(unconfirmedHead(head, clock.now()))) === 'written';
    return isWritten ? { outcome: 'unknown' } : undecided(progress);
  }
  const { missingSince } = progress;
  if (missingSince === undefined || startedAt - missingSince < order.settleMs) {
    const since = missingSince ?? startedAt;
    return {
      outcome: 'again',
      afterMs: since + order.settleMs + 1 - clock.now(),
      progress: { ...progress, missingSince: since },
    };
  }
  const interval = readInterval({ requestedAt: startedAt, respondedAt: clock.now() }, order);
  return settle(dependencies, head, observeDeletion(head, shape, interval), progress);
}

/** Somebody else wrote meanwhile; the round is over without a result. */
function undecided(progress: Progress): Confirmation {
  return { outcome: 'again', afterMs: 0, progress: { ...progress, rounds: progress.rounds + 1 } };
}

/** Scale answered a read of one task with something that is not that task. */
class UnreadableAnswerError extends Error {
  override readonly name = 'UnreadableAnswerError';

  constructor(taskId: string, reason: string) {
    super(`Scale's answer for task ${taskId} cannot be read: ${reason}`);
  }
}
