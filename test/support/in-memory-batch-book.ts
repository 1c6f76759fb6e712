import { type BatchBook, type FollowedBatch, hasEnded } from '../../shared/coverage/batch-book.ts';

/** The `BatchBook` port in memory. */
export function inMemoryBatchBook(batches: readonly FollowedBatch[] = []): BatchBook {
  const held = new Map(batches.map((batch) => [batch.id, batch]));
  return {
    get: async (id) => held.get(id),
    listOpen: async () => [...held.values()].filter((batch) => !hasEnded(batch)),
    put: async (batch) => {
      const stood = held.get(batch.id);
      if (stood === undefined || stood.checkedAt <= batch.checkedAt) held.set(batch.id, batch);
    },
  };
}
