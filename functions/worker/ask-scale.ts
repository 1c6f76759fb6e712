import type { ReadTimes, SeenTask } from '../../shared/observations/observe.ts';
import { parseTask } from '../../shared/observations/read-task.ts';
import type { ScaleApi } from '../../shared/scale/scale-api.ts';
import type { Head, Shape } from '../../shared/tasks/head.ts';

export interface TaskInDoubt {
  readonly taskId: string;
  readonly head: Head | undefined;
  /** The API of the doubtful observation. */
  readonly shape: Shape;
}

/** The task as Scale has it, and when it was read. */
export interface ScaleAnswer {
  readonly seen: SeenTask;
  readonly times: ReadTimes;
}

/** Scale answered a read of one task with something that is not that task. */
class UnreadableAnswerError extends Error {
  override readonly name = 'UnreadableAnswerError';

  constructor(taskId: string, reason: string) {
    super(`Scale's answer for task ${taskId} cannot be read: ${reason}`);
  }
}

/**
 * Asks the API of the doubtful observation. The other one only where that one cannot say and the other has
 * shown the task, where nothing is known of it, or where the answer cannot be read: v1 shows GenAI tasks
 * without a status. `undefined` where Scale does not know the task.
 */
export async function askScale(
  api: ScaleApi,
  { taskId, head, shape }: TaskInDoubt,
): Promise<ScaleAnswer | undefined> {
  const other = shape === 'v1' ? 'v2' : 'v1';
  const first = await read(api, taskId, shape);
  if (first.kind === 'task') return first;
  const isWorthAsking =
    first.kind === 'unreadable' || head === undefined || head.documents[other] !== undefined;
  const second = isWorthAsking ? await read(api, taskId, other) : first;
  if (second.kind === 'task') return second;
  const unreadable = [first, second].find((one) => one.kind === 'unreadable');
  if (unreadable !== undefined) throw new UnreadableAnswerError(taskId, unreadable.reason);
  return undefined;
}

type ReadAnswer =
  | ({ readonly kind: 'task' } & ScaleAnswer)
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
