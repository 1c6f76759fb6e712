import type { ObservedDocument } from '../../shared/observations/observation.ts';
import { loggableId } from '../../shared/platform/log.ts';
import type { Head, Shape } from '../../shared/tasks/head.ts';
import type { WorkerDependencies } from './dependencies.ts';

/** A document that is about to count, where the writer has it at hand. */
interface NextDocument {
  readonly api: Shape;
  readonly document: ObservedDocument | undefined;
}

/**
 * The next head with the fields of the document that counts in it. They are always those of the stored text, so they move
 * only with `current`: an equal sight may differ in what is not substance.
 */
export async function withFields(
  { fieldLifter, taskTable }: Pick<WorkerDependencies, 'fieldLifter' | 'taskTable'>,
  before: Head | undefined,
  next: Head,
  { api, document }: NextDocument,
): Promise<Head> {
  if (before?.current === next.current) return { ...next, fields: before.fields };
  if (fieldLifter === undefined) return next;
  const stored =
    document === undefined
      ? await taskTable.getDocument(next.taskId, next.current)
      : { api, text: document.text };
  return stored === undefined ? next : { ...next, fields: await fieldLifter.lift(stored) };
}

/** Counts and tells the fields that a written head lacks for a reason. */
export function tellOmitted(
  { metrics, log }: Pick<WorkerDependencies, 'metrics' | 'log'>,
  before: Head | undefined,
  { taskId, current, fields }: Head,
): void {
  if (before?.current === current || fields === undefined) return;
  const names = Object.keys(fields.omitted);
  if (names.length === 0) return;
  metrics.count('FieldsOmitted', names.length);
  log.warn('fields left out of the head', { taskId: loggableId(taskId), fields: names.join(' ') });
}
