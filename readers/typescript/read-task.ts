import { isUsableTaskId } from '../../shared/observations/task-id.ts';
import { createTaskReads, type TaskReads } from '../../shared/tasks/dynamo-task-reads.ts';
import { isForgotten } from '../../shared/tasks/forgotten.ts';
import type { Head } from '../../shared/tasks/head.ts';
import type { ReaderDependencies } from './dependencies.ts';
import { type TaskDocument, toTaskDocument } from './task-document.ts';

/** The `Tasks` table, by consistent reads. */
export function taskReads(dependencies: ReaderDependencies): TaskReads {
  const { dynamodb: client, tasksTable: tableName, sleep, random, bodies } = dependencies;
  return createTaskReads({ client, tableName, sleep, random, bodies });
}

/** The heads of some tasks as they are now; those that were forgotten are none. */
export async function readHeads(
  dependencies: ReaderDependencies,
  taskIds: readonly string[],
): Promise<readonly Head[]> {
  const heads = await taskReads(dependencies).getHeads(taskIds.filter(isUsableTaskId));
  return [...heads.values()].filter((head) => !isForgotten(head));
}

interface WholeTask {
  readonly head: Head;
  readonly document: TaskDocument;
}

/** A head may move on, or the task be forgotten, between its read and that of its document. */
const MOST_MOVES = 5;

/** Head and document of a task as they are now, from one state of it; `undefined` where there is none. */
export async function readWhole(
  dependencies: ReaderDependencies,
  taskId: string,
): Promise<WholeTask | undefined> {
  const table = taskReads(dependencies);
  let cause: unknown;
  for (let moves = 0; moves < MOST_MOVES; moves += 1) {
    const [head] = await readHeads(dependencies, [taskId]);
    if (head === undefined) return undefined;
    try {
      const document = await table.getDocument(taskId, head.current);
      if (document !== undefined) return { head, document: toTaskDocument(document) };
    } catch (error) {
      // Its object may have gone with a task that is being forgotten: then the head says so.
      cause = error;
    }
  }
  throw new Error(`the document of task ${taskId} cannot be read`, { cause });
}
