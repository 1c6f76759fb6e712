import type { FieldLifter } from '../../shared/fields/field-lifter.ts';
import { isForgotten } from '../../shared/tasks/forgotten.ts';
import type { Head, LiftedFields } from '../../shared/tasks/head.ts';
import type { TaskTable } from '../../shared/tasks/task-table.ts';

export interface RebuildHeadDependencies {
  readonly taskTable: Pick<TaskTable, 'getHeads' | 'getDocument' | 'putHead'>;
  /** Absent for a configuration without fields: then they are taken out. */
  readonly lifter: FieldLifter | undefined;
}

/** `current`: it was up to date, or another writer was faster and brought it there. */
export type RebuiltHead =
  { readonly outcome: 'rebuilt'; readonly omitted: number } | { readonly outcome: 'current' };

/** Writers that were faster. */
const MOST_RACES = 20;

/**
 * Gives a head the fields of its stored document. It is written only over the version that was read, so that whatever the
 * worker writes meanwhile wins; of all else nothing moves but the version, so that nobody downstream hears of it.
 */
export async function rebuildHead(
  { taskTable, lifter }: RebuildHeadDependencies,
  scanned: Head,
): Promise<RebuiltHead> {
  let head: Head | undefined = scanned;
  for (let race = 0; race < MOST_RACES; race += 1) {
    if (head === undefined || isForgotten(head) || head.fields?.by === lifter?.by) {
      return { outcome: 'current' };
    }
    const fields = await fieldsOf(taskTable, lifter, head);
    if (fields !== 'moved') {
      const next = { ...head, version: head.version + 1, fields };
      if ((await taskTable.putHead(next)) === 'written') {
        return { outcome: 'rebuilt', omitted: Object.keys(fields?.omitted ?? {}).length };
      }
    }
    head = (await taskTable.getHeads([head.taskId])).get(head.taskId);
  }
  throw new Error('it is being written by too many at once');
}

/** `moved` where the document is gone since the head points at another one. */
async function fieldsOf(
  taskTable: RebuildHeadDependencies['taskTable'],
  lifter: FieldLifter | undefined,
  { taskId, current }: Head,
): Promise<LiftedFields | undefined | 'moved'> {
  if (lifter === undefined) return undefined;
  const document = await taskTable.getDocument(taskId, current);
  if (document !== undefined) return lifter.lift(document);
  const now = (await taskTable.getHeads([taskId])).get(taskId);
  if (now?.current === current) {
    throw new Error('the document that counts is not there');
  }
  return 'moved';
}
