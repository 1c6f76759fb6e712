import { type Change, type ChangesQuery, readChanges } from './read-changes.ts';
import type { ReaderDependencies } from './dependencies.ts';
import { type MirroredBatch, readBatch } from './read-batch.ts';
import { readCoverage, type SourceCoverage } from './read-coverage.ts';
import { type HistoryEntry, readDocuments, readHistory } from './read-history.ts';
import { readHeads, readWhole } from './read-task.ts';
import {
  readListed,
  readWithAll,
  readWithDocuments,
  readWithHeads,
  type Skip,
  type WithDocument,
} from './read-tasks.ts';
import type { ListedTask } from './listed-task.ts';
import { type Selection, toIndexQuery } from './selection.ts';
import type { DocumentFacts, TaskDocument } from './task-document.ts';
import { type TaskHead, toTaskHead } from './task-head.ts';

/** What comes with each task of a list, beside what the index has. */
export interface TasksOptions {
  /** The whole head, read consistently: what has moved on since the index listed it is as it is now. */
  readonly heads?: boolean;
  /** The document that counts. */
  readonly documents?: boolean;
  /** Leaves out what it says, before anything but the index is read of it. */
  readonly skip?: Skip | undefined;
}

/**
 * Reads tasks. What is of DynamoDB's making: a write is in the indexes a moment later, usually within a second, so lists
 * and changes follow a single task's read by that.
 */
export interface Mirror {
  /** A task as it is now; `undefined` where there is none, or it was forgotten. Two read units and up, by size. */
  task(taskId: string): Promise<(TaskHead & WithDocument) | undefined>;
  /** Its head alone: one read unit. */
  head(taskId: string): Promise<TaskHead | undefined>;
  /**
   * The tasks of a batch or project, read page by page while they are iterated: open ones first, then the others by status and time of
   * completion. A task that moves on meanwhile is not missed; one that moves back, as from `completed` to `pending`, may be. A half of a
   * read unit for some 16 tasks, a half more for each document of up to 4 KB, one more for each head.
   */
  tasks(selection: Selection, options?: Pick<TasksOptions, 'skip'>): AsyncIterable<ListedTask>;
  tasks(
    selection: Selection,
    options: TasksOptions & { readonly heads: true; readonly documents: true },
  ): AsyncIterable<TaskHead & WithDocument>;
  tasks(
    selection: Selection,
    options: TasksOptions & { readonly heads?: false; readonly documents: true },
  ): AsyncIterable<ListedTask & WithDocument>;
  tasks(
    selection: Selection,
    options: TasksOptions & { readonly heads: true; readonly documents?: false },
  ): AsyncIterable<TaskHead>;
  /** The documents that ever counted for a task, the newest first; none where there is no such task. */
  history(taskId: string): Promise<readonly HistoryEntry[]>;
  /** Documents by their records, such as those of a history; without those that have expired meanwhile. */
  documents(keys: readonly Pick<DocumentFacts, 'taskId' | 'record'>[]): AsyncIterable<TaskDocument>;
  /**
   * What has changed in a project since a cursor, the oldest first, until 30 seconds ago. Ends there: ask again later with the
   * last cursor. Nothing is lost; a change may come twice, to be dropped by its revision.
   */
  changes(query: ChangesQuery): AsyncIterable<Change>;
  /** A batch with counts of its tasks; `undefined` where nothing is known of it. */
  batch(name: string): Promise<MirroredBatch | undefined>;
  /** What is proven of each configured source. */
  coverage(): Promise<readonly SourceCoverage[]>;
}

/** The reader over its dependencies. */
export function createMirror(dependencies: ReaderDependencies): Mirror {
  return {
    async task(taskId) {
      const whole = await readWhole(dependencies, taskId);
      return whole && { ...toTaskHead(whole.head, dependencies.numbers), document: whole.document };
    },
    async head(taskId) {
      const [head] = await readHeads(dependencies, [taskId]);
      return head && toTaskHead(head, dependencies.numbers);
    },
    tasks: createTasks(dependencies),
    history: (taskId) => readHistory(dependencies, taskId),
    documents: (keys) => readDocuments(dependencies, keys),
    changes: (query) => readChanges(dependencies, query),
    batch: (name) => readBatch(dependencies, name),
    coverage: () => readCoverage(dependencies),
  };
}

function createTasks(dependencies: ReaderDependencies): Mirror['tasks'] {
  function tasks(selection: Selection): AsyncIterable<ListedTask>;
  function tasks(
    selection: Selection,
    options: TasksOptions,
  ): AsyncIterable<TaskHead & WithDocument>;
  function tasks(
    selection: Selection,
    { heads = false, documents = false, skip }: TasksOptions = {},
  ): AsyncIterable<ListedTask> {
    const query = { ...toIndexQuery(selection), skip };
    if (heads)
      return documents ? readWithAll(dependencies, query) : readWithHeads(dependencies, query);
    return documents ? readWithDocuments(dependencies, query) : readListed(dependencies, query);
  }
  return tasks;
}
