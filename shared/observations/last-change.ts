import type { TaskDocument } from '../tasks/task-table.ts';
import { reviewOf } from './observe.ts';
import { parseTask } from './read-task.ts';
import { latest, parseTime } from './times.ts';

/** `updated_at` or the latest audit time of a stored document, `undefined` where it has neither. */
export function lastChange({ text, api }: TaskDocument): number | undefined {
  const seen = parseTask(text, api);
  if (seen.kind !== 'task') return undefined;
  return latest([parseTime(seen.task.updated_at), reviewOf(seen.task).at]);
}
