import { type BatchBook, type FollowedBatch, hasEnded } from '../../shared/coverage/batch-book.ts';

/** The `BatchBook` port in memory, with the same condition on its write. */
export function inMemoryBatchBook(): BatchBook {
  const batches = new Map<string, FollowedBatch>();
  return {
    get: async (id) => batches.get(id),
    listOpen: async () => [...batches.values()].filter((batch) => !hasEnded(batch)),
    put: async (batch) => {
      const held = batches.get(batch.id);
      if (held === undefined || held.checkedAt <= batch.checkedAt) batches.set(batch.id, batch);
    },
  };
}
