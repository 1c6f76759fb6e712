import type { Head } from '../shared/tasks/head.ts';
import type { TaskDocument, TaskTable } from '../shared/tasks/task-table.ts';

/** A write of the head that was made, whatever its writer heard of it. */
export interface HeadWrite {
  readonly before: Head | undefined;
  readonly after: Head;
  /** Records that the head refers to and that were not there when it was written. */
  readonly dangling: readonly string[];
}

/** A table of which every write of a head is on record. */
export interface RecordedTable extends TaskTable {
  readonly writes: readonly HeadWrite[];
  /** The documents that are there now. */
  stored(): ReadonlyMap<string, TaskDocument>;
}

/** Keeps what one task's history writes to a table, that of memory or a real one. */
export function recordedTable(
  table: TaskTable,
  onWrite: (write: HeadWrite) => void,
): RecordedTable {
  const writes: HeadWrite[] = [];
  const stored = new Map<string, TaskDocument>();
  return {
    ...table,
    writes,
    stored: () => stored,
    putDocument: async (document) => {
      const outcome = await table.putDocument(document);
      if (outcome === 'created') stored.set(document.record, document);
      return outcome;
    },
    removeDocument: async (taskId, record) => {
      await table.removeDocument(taskId, record);
      if ((await table.getDocument(taskId, record)) === undefined) stored.delete(record);
    },
    putHead: async (head) => {
      const outcome = await table.putHead(head);
      if (outcome === 'lost') return outcome;
      const referred = Object.values(head.documents).map(({ record }) => record);
      const dangling = [head.current, ...referred].filter((record) => !stored.has(record));
      const write = { before: writes.at(-1)?.after, after: head, dangling };
      writes.push(write);
      onWrite(write);
      return outcome;
    },
  };
}
