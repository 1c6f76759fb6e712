import type { Head } from '../../shared/tasks/head.ts';
import { fromHeadItem, indexKey, toHeadItem } from '../../shared/tasks/head-item.ts';
import { historyOf } from '../../shared/tasks/history.ts';
import type { TaskIndex } from '../../shared/tasks/task-index.ts';
import type { TaskDocument, TaskTable } from '../../shared/tasks/task-table.ts';

export interface InMemoryTaskTable extends TaskTable, TaskIndex {
  head(taskId: string): Head | undefined;
  heads(): Head[];
  documents(taskId: string): TaskDocument[];
  /** When a document expires, if it does. */
  expiryOf(taskId: string, record: string): number | undefined;
  /** Called before each write of a head; a test lets another writer win there. */
  beforePutHead: (head: Head) => Promise<void>;
}

interface Stored {
  readonly document: TaskDocument;
  readonly adopted: boolean;
  readonly expiresAt?: number;
}

/** The `TaskTable` and `TaskIndex` ports in memory, with the same conditions on its writes as the table. */
export function inMemoryTaskTable(): InMemoryTaskTable {
  const heads = new Map<string, Head>();
  const documents = new Map<string, Map<string, Stored>>();
  const recordsOf = (taskId: string): Map<string, Stored> => {
    const records = documents.get(taskId) ?? new Map<string, Stored>();
    documents.set(taskId, records);
    return records;
  };
  const table: InMemoryTaskTable = {
    beforePutHead: async () => undefined,
    head: (taskId) => heads.get(taskId),
    heads: () => [...heads.values()],
    documents: (taskId) => [...recordsOf(taskId).values()].map(({ document }) => document),
    expiryOf: (taskId, record) => recordsOf(taskId).get(record)?.expiresAt,
    getHeads: async (taskIds) =>
      new Map(
        taskIds.flatMap((taskId) => {
          const head = heads.get(taskId);
          return head === undefined ? [] : [[taskId, head] as const];
        }),
      ),
    putDocument: async (document) => {
      const records = recordsOf(document.taskId);
      const held = records.get(document.record);
      records.set(
        document.record,
        held ? { ...held, adopted: true } : { document, adopted: false },
      );
      return held ? 'adopted' : 'created';
    },
    getDocument: async (taskId, record) => recordsOf(taskId).get(record)?.document,
    getHistory: async (head) =>
      historyOf(
        head,
        [...recordsOf(head.taskId).values()].map(
          ({ document: { record, api, source, interval, substance, previous } }) => ({
            ...{ record, api, source, interval, substance, previous },
          }),
        ),
      ),
    removeDocument: async (taskId, record) => {
      const records = recordsOf(taskId);
      if (records.get(record)?.adopted === false) records.delete(record);
    },
    async *listTaskIds(kind, key) {
      const found = [...heads.values()].filter(({ facts }) => indexKey(facts[kind]) === key);
      yield found.map(({ taskId }) => taskId);
    },
    countByStatus: async (kind, key) => {
      const found = [...heads.values()].filter(({ facts }) => indexKey(facts[kind]) === key);
      const byStatus = Map.groupBy(found, ({ facts }) => facts.status);
      return new Map([...byStatus].map(([status, some]) => [status, some.length]));
    },
    expireDocument: async (taskId, record, at) => {
      const held = recordsOf(taskId).get(record);
      if (held !== undefined) recordsOf(taskId).set(record, { ...held, expiresAt: at });
    },
    putHead: async (head) => {
      await table.beforePutHead(head);
      if ((heads.get(head.taskId)?.version ?? 0) !== head.version - 1) return 'lost';
      // As the item gives it back, which cannot hold every name.
      heads.set(head.taskId, fromHeadItem(toHeadItem(head)));
      return 'written';
    },
  };
  return table;
}
