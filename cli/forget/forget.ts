import type { Clock } from '../../shared/platform/clock.ts';
import { forgottenHead, isForgotten } from '../../shared/tasks/forgotten.ts';
import type { Erased, TaskEraser } from '../../shared/tasks/task-eraser.ts';
import type { TaskTable } from '../../shared/tasks/task-table.ts';

export interface ForgetDependencies {
  readonly taskTable: Pick<TaskTable, 'getHeads' | 'putHead'>;
  readonly eraser: Pick<TaskEraser, 'eraseDocuments'>;
  readonly clock: Clock;
}

/** What was removed of one task. */
export interface Forgotten extends Erased {
  readonly taskId: string;
  /** Whether it had a head; one without is marked all the same, so that it will not come. */
  readonly hadHead: boolean;
}

/** Writers that were faster. */
const MOST_RACES = 20;

/**
 * Removes all that the table and the bucket's documents hold of a task. The marker comes first: a worker that is
 * just writing loses to it, and removes what it wrote.
 */
export async function forget(
  { taskTable, eraser, clock }: ForgetDependencies,
  taskId: string,
): Promise<Forgotten> {
  for (let race = 0; race < MOST_RACES; race += 1) {
    const head = (await taskTable.getHeads([taskId])).get(taskId);
    const isMarked = head !== undefined && isForgotten(head);
    if (
      isMarked ||
      (await taskTable.putHead(forgottenHead(taskId, head, clock.now()))) === 'written'
    ) {
      const erased = await eraser.eraseDocuments(taskId);
      return { taskId, hadHead: head !== undefined && !isMarked, ...erased };
    }
  }
  throw new Error(`task ${taskId} is being written by too many at once`);
}
