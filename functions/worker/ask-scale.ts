import type { ReadTimes, SeenTask } from '../../shared/observations/observe.ts';
import { parseTask } from '../../shared/observations/read-task.ts';
import type { Clock } from '../../shared/platform/clock.ts';
import type { ScaleApi } from '../../shared/scale/scale-api.ts';
import type { Head, Shape } from '../../shared/tasks/head.ts';

/** A task about which Scale is asked, as far as that decides who is asked. */
interface Asked {
  readonly taskId: string;
  readonly head: Head | undefined;
  /** The API of the doubtful observation. */
  readonly shape: Shape;
}

/** What a read of the task has shown. */
export interface SeenAnswer {
  readonly kind: 'task';
  readonly seen: SeenTask;
  readonly times: ReadTimes;
}

/** All that were asked have answered 404. */
export interface Absence {
  readonly kind: 'absent';
  readonly startedAt: number;
  readonly asked: readonly Shape[];
}

/**
 * Asks the API of the doubtful observation. The other one only where that one does not know the task and
 * the other has shown it, or no read of that one ever has, or where the answer cannot be read: v1 shows
 * GenAI tasks without a status.
 */
export async function askScale(
  api: ScaleApi,
  clock: Clock,
  { taskId, head, shape }: Asked,
): Promise<SeenAnswer | Absence> {
  const other = shape === 'v1' ? 'v2' : 'v1';
  const startedAt = clock.now();
  const first = await read(api, taskId, shape);
  if (first.kind === 'task') return first;
  const isWorthAsking =
    first.kind === 'unreadable' ||
    head?.documents[shape]?.wasRead !== true ||
    head.documents[other] !== undefined;
  const second = isWorthAsking ? await read(api, taskId, other) : first;
  if (second.kind === 'task') return second;
  const unreadable = [first, second].find((one) => one.kind === 'unreadable');
  if (unreadable !== undefined) throw new UnreadableAnswerError(taskId, unreadable.reason);
  return { kind: 'absent', startedAt, asked: isWorthAsking ? [shape, other] : [shape] };
}

type ReadAnswer =
  | SeenAnswer
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

/** Scale answered a read of one task with something that is not that task. */
class UnreadableAnswerError extends Error {
  override readonly name = 'UnreadableAnswerError';

  constructor(taskId: string, reason: string) {
    super(`Scale's answer for task ${taskId} cannot be read: ${reason}`);
  }
}
