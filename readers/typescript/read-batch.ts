import { type FollowedBatch, hasEnded } from '../../shared/coverage/batch-book.ts';
import { createBatchBook } from '../../shared/coverage/dynamo-batch-book.ts';
import { createDirectory } from '../../shared/coverage/dynamo-directory.ts';
import { createTaskIndex } from '../../shared/tasks/dynamo-task-index.ts';
import { type ReaderDependencies, requiredStateTable } from './dependencies.ts';
import { indexKeys } from './index-keys.ts';
import { iso } from './task-head.ts';

export type CountsByStatus = Readonly<Record<string, number>>;

/** A batch as Scale had it when the mirror last asked. Times are ISO 8601. */
export interface BatchAtScale {
  /** `staging`, `in_progress`, `completed`, `paused`, `cancelled`. */
  readonly status: string;
  readonly createdAt: string | undefined;
  readonly completedAt: string | undefined;
  readonly project: string | undefined;
  readonly projectId: string | undefined;
  /** Its tasks by status, where Scale's v1 API knows the batch. */
  readonly tasks: CountsByStatus | undefined;
  readonly checkedAt: string;
  /** Whether it goes on being asked for. */
  readonly isOpen: boolean;
}

export interface MirroredBatch {
  /** The name it has now. */
  readonly name: string;
  readonly id: string | undefined;
  /** Its tasks here, by status. */
  readonly tasks: CountsByStatus;
  /** Absent where the batch is not tracked: see "Tracking" in the README. */
  readonly atScale: BatchAtScale | undefined;
}

/** A batch by its name; `undefined` where neither a task nor anything else of it is known. */
export async function readBatch(
  dependencies: ReaderDependencies,
  name: string,
): Promise<MirroredBatch | undefined> {
  const { dynamodb: client, tasksTable } = dependencies;
  const tableName = requiredStateTable(dependencies);
  const book = createBatchBook({ client, tableName });
  const [entry, tasks] = await Promise.all([
    createDirectory({ client, tableName }).getByName('batch', name),
    countTasks(dependencies, { client, tableName: tasksTable }, name),
  ]);
  // The directory has the batches of tasks; one that is tracked before its first task is in the book alone.
  const tracked =
    entry === undefined
      ? (await book.listOpen()).find((batch) => batch.name === name)
      : await book.get(entry.id);
  const id = entry?.id ?? tracked?.id;
  if (id === undefined && Object.keys(tasks).length === 0) return undefined;
  return { name: entry?.name ?? name, id, tasks, atScale: tracked && atScale(tracked) };
}

async function countTasks(
  dependencies: ReaderDependencies,
  table: Parameters<typeof createTaskIndex>[0],
  name: string,
): Promise<CountsByStatus> {
  const index = createTaskIndex(table);
  const keys = await indexKeys(dependencies, 'batch', name);
  const sums = new Map<string, number>();
  for (const counts of await Promise.all(keys.map((key) => index.countByStatus('batch', key)))) {
    for (const [status, count] of counts) sums.set(status, (sums.get(status) ?? 0) + count);
  }
  return Object.fromEntries(sums);
}

function atScale(batch: FollowedBatch): BatchAtScale {
  const { status, createdAt, completedAt, project, counts } = batch;
  return {
    status,
    createdAt,
    completedAt,
    project: project.name,
    projectId: project.id,
    tasks: counts,
    checkedAt: iso(batch.checkedAt) ?? '',
    isOpen: !hasEnded(batch),
  };
}
