import { BATCH_GET_KEYS } from '../../shared/tasks/batch-get.ts';
import { ahead, inGroups } from './ahead.ts';
import type { ReaderDependencies } from './dependencies.ts';
import { readDocumentItems, toDocument } from './read-documents.ts';
import { readHeads, taskReads } from './read-task.ts';
import { type DocumentFacts, revisionOf, type TaskDocument } from './task-document.ts';
import { toIso } from '../../shared/platform/iso.ts';

/** A state that a task was in, as far as a document tells it. */
export interface HistoryEntry extends DocumentFacts {
  readonly api: 'v1' | 'v2';
  /** Whether it is the document that counts. */
  readonly isCurrent: boolean;
}

/** The documents that ever counted for a task, the newest first; none where there is no such task. */
export async function readHistory(
  dependencies: ReaderDependencies,
  taskId: string,
): Promise<readonly HistoryEntry[]> {
  const [head] = await readHeads(dependencies, [taskId]);
  if (head === undefined) return [];
  const entries = await taskReads(dependencies).getHistory(head);
  return entries.map(({ record, api, source, interval }) => ({
    ...{ taskId, record, api, source },
    revision: revisionOf(record),
    from: toIso(interval.from),
    until: toIso(interval.until),
    isCurrent: record === head.current,
  }));
}

/** Some documents, such as those of a history, in their order; without those that are not there any more. */
export async function* readDocuments(
  dependencies: ReaderDependencies,
  keys: readonly Pick<DocumentFacts, 'taskId' | 'record'>[],
): AsyncGenerator<TaskDocument> {
  const groups = inGroups([keys], BATCH_GET_KEYS);
  const found = ahead(groups, 1, (group) => readDocumentItems(dependencies, group));
  for await (const items of found) {
    for (const item of items) if (item !== undefined) yield toDocument(dependencies, item);
  }
}
