import type { EntityKind } from '../coverage/directory.ts';

/** The indexes on heads, for those who look for tasks and do not write them. */
export interface TaskIndex {
  /** Ids of all tasks whose head stands under a key of `byProject` or `byBatch`, page by page. */
  listTaskIds(kind: EntityKind, key: string): AsyncIterable<readonly string[]>;
  /** How many of them have each status, of those that some have. */
  countByStatus(kind: EntityKind, key: string): Promise<ReadonlyMap<string, number>>;
}
