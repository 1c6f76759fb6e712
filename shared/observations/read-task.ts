import type { Shape } from '../tasks/head.ts';
import type { UnrecognisedReason } from './callback.ts';
import { reviewOf, type SeenTask } from './observe.ts';
import { readTaskObject } from './task-object.ts';
import { isUsableTaskId } from './task-id.ts';

/** A task as a list page or a read of one task gave it: the JSON text of the task alone. */
export type ReadTask =
  | ({ readonly kind: 'task' } & SeenTask)
  | { readonly kind: 'unrecognised'; readonly reason: UnrecognisedReason };

/** Reads a task of a known shape. */
export function parseTask(text: string, shape: Shape): ReadTask {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { kind: 'unrecognised', reason: 'not JSON' };
  }
  const task = readTaskObject(value);
  if (task === undefined) return { kind: 'unrecognised', reason: 'not an object' };
  const { task_id: taskId, status } = task;
  if (!isUsableTaskId(taskId)) return { kind: 'unrecognised', reason: 'no usable task id' };
  if (status === undefined) return { kind: 'unrecognised', reason: 'no status' };
  return { kind: 'task', taskId, task, status, shape, text, review: reviewOf(task) };
}
