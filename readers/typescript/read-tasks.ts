import type { AttributeValue } from '@aws-sdk/client-dynamodb';

import { BATCH_GET_KEYS } from '../../shared/tasks/batch-get.ts';
import type { Head } from '../../shared/tasks/head.ts';
import { ahead, inGroups } from './ahead.ts';
import type { ReaderDependencies } from './dependencies.ts';
import { indexKeys } from './index-keys.ts';
import type { ListedTask } from './listed-task.ts';
import { listTasks } from './list-tasks.ts';
import { readDocumentItems, toDocument } from './read-documents.ts';
import { readHeads, readWhole } from './read-task.ts';
import { fits, type IndexQuery } from './selection.ts';
import type { TaskDocument } from './task-document.ts';
import { type TaskHead, toTaskHead } from './task-head.ts';

export interface WithDocument {
  /** The document that counts. */
  readonly document: TaskDocument;
}

/** Whether a task is to be left out, as the index has it. */
export type Skip = (task: ListedTask) => boolean;

interface TasksQuery extends IndexQuery {
  readonly skip?: Skip | undefined;
}

/** Documents that are unpacked, or fetched from the bucket, at once: each may have some megabytes. */
const DOCUMENTS_AT_ONCE = 16;

type Groups<Task> = AsyncIterable<readonly Task[]>;

/** The tasks of a selection as the index has them. */
export async function* readListed(
  dependencies: ReaderDependencies,
  query: TasksQuery,
): AsyncGenerator<ListedTask> {
  for await (const group of groupsOf(dependencies, query)) yield* group;
}

/** The same with their whole heads, as they are now: without those that are not of the selection any more. */
export async function* readWithHeads(
  dependencies: ReaderDependencies,
  query: TasksQuery,
): AsyncGenerator<TaskHead> {
  for await (const group of headGroups(dependencies, query)) yield* group;
}

/** The same with their documents. */
export function readWithDocuments(
  dependencies: ReaderDependencies,
  query: TasksQuery,
): AsyncGenerator<ListedTask & WithDocument> {
  const groups = groupsOf(dependencies, query);
  return withDocuments({ dependencies, query, groups, toTask: toListedTask(dependencies) });
}

/** The same with both, from one state of each task. */
export function readWithAll(
  dependencies: ReaderDependencies,
  query: TasksQuery,
): AsyncGenerator<TaskHead & WithDocument> {
  const groups = headGroups(dependencies, query);
  const toTask = (head: Head) => toTaskHead(head, dependencies.numbers);
  return withDocuments({ dependencies, query, groups, toTask });
}

async function* groupsOf(
  dependencies: ReaderDependencies,
  query: TasksQuery,
): AsyncGenerator<readonly ListedTask[]> {
  const keys = await indexKeys(dependencies, query.kind, query.name);
  const groups = listTasks(dependencies, { ...query, keys }, BATCH_GET_KEYS);
  yield* query.skip === undefined ? groups : inGroups(without(groups, query.skip), BATCH_GET_KEYS);
}

async function* without(
  groups: Groups<ListedTask>,
  skip: Skip,
): AsyncGenerator<readonly ListedTask[]> {
  for await (const group of groups) yield group.filter((task) => !skip(task));
}

function headGroups(dependencies: ReaderDependencies, query: TasksQuery): Groups<TaskHead> {
  return ahead(groupsOf(dependencies, query), dependencies.concurrency, async (group) => {
    // A task that moves while the index is read may be in it twice.
    const ids = [...new Set(group.map(({ taskId }) => taskId))];
    const heads = (await readHeads(dependencies, ids)).filter((head) => fits(query, head));
    const byId = new Map(
      heads.map((head) => [head.taskId, toTaskHead(head, dependencies.numbers)]),
    );
    return ids.flatMap((id) => byId.get(id) ?? []);
  });
}

interface DocumentReads<Task extends ListedTask> {
  readonly dependencies: ReaderDependencies;
  readonly query: TasksQuery;
  readonly groups: Groups<Task>;
  /** For a task whose head had to be read again. */
  readonly toTask: (head: Head) => Task;
}

/** Two steps, each so far ahead: items by the hundred, then their bodies. */
async function* withDocuments<Task extends ListedTask>(
  reads: DocumentReads<Task>,
): AsyncGenerator<Task & WithDocument> {
  const { dependencies, groups } = reads;
  const found = ahead(groups, dependencies.concurrency, async (group) => {
    const keys = group.map(({ taskId, current: record }) => ({ taskId, record }));
    const items = await readDocumentItems(dependencies, keys);
    return group.map((task, at) => ({ task, item: items[at] }));
  });
  const tasks = ahead(flattened(found), DOCUMENTS_AT_ONCE, ({ task, item }) =>
    withDocument(reads, task, item),
  );
  for await (const task of tasks) if (task !== undefined) yield task;
}

/**
 * What the index says may be of before: where its document is not there, the head says what is now. Nothing for a task
 * that has been forgotten, or is not of the selection any more.
 */
async function withDocument<Task extends ListedTask>(
  { dependencies, query, toTask }: DocumentReads<Task>,
  task: Task,
  item: Record<string, AttributeValue> | undefined,
): Promise<(Task & WithDocument) | undefined> {
  try {
    if (item !== undefined) return { ...task, document: await toDocument(dependencies, item) };
  } catch {
    // Said below, if it is so still.
  }
  const whole = await readWhole(dependencies, task.taskId);
  if (whole === undefined || !fits(query, whole.head)) return undefined;
  return { ...toTask(whole.head), document: whole.document };
}

async function* flattened<One>(groups: Groups<One>): AsyncGenerator<One> {
  for await (const group of groups) yield* group;
}

function toListedTask({ numbers }: ReaderDependencies): (head: Head) => ListedTask {
  return (head) => {
    const { taskId, status, completedAt, reviewStatus, current, fields } = toTaskHead(
      head,
      numbers,
    );
    return { taskId, status, completedAt, reviewStatus, current, fields };
  };
}
