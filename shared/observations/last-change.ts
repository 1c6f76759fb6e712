import type { TaskDocument } from '../tasks/task-table.ts';
import { reviewBeside, reviewOf } from './observe.ts';
import { readTaskObject } from './task-object.ts';
import { latest, parseTime } from './times.ts';

/**
 * `updated_at` or the latest audit time of a stored document and of what stood beside it in its
 * callback; `undefined` where there is neither.
 */
export function lastChange({ text, envelope }: TaskDocument): number | undefined {
  const task = readTaskObject(JSON.parse(text));
  if (task === undefined) return undefined;
  const beside = envelope === undefined ? [] : [reviewBeside(JSON.parse(envelope))];
  return latest([parseTime(task.updated_at), reviewOf(task, beside).at]);
}
