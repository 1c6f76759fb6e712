import { type BatchBook, type FollowedBatch, hasEnded } from '../../shared/coverage/batch-book.ts';

export interface InMemoryBatchBook extends BatchBook {
  /** While set, every call fails with it. */
  failure: Error | undefined;
}

/** The `BatchBook` port in memory, with its rule: a later answer stays. */
export function inMemoryBatchBook(): InMemoryBatchBook {
  const batches = new Map<string, FollowedBatch>();
  const book: InMemoryBatchBook = {
    failure: undefined,
    get: async (id) => {
      if (book.failure) throw book.failure;
      return batches.get(id);
    },
    listOpen: async () => {
      if (book.failure) throw book.failure;
      return [...batches.values()].filter((batch) => !hasEnded(batch));
    },
    put: async (batch) => {
      if (book.failure) throw book.failure;
      const held = batches.get(batch.id);
      if (held !== undefined && held.checkedAt > batch.checkedAt) return;
      batches.set(batch.id, batch);
    },
  };
  return book;
}
