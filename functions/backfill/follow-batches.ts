import type { BatchBook } from '../../shared/coverage/batch-book.ts';
import type { Clock } from '../../shared/platform/clock.ts';
import { DELETED } from '../../shared/tasks/head.ts';
import { readBatch } from '../../shared/scale/read-batch.ts';
import type { ScaleApi } from '../../shared/scale/scale-api.ts';

export interface FollowBatchesDependencies {
  readonly api: Pick<ScaleApi, 'getBatch' | 'countBatchTasks'>;
  readonly batchBook: BatchBook;
  readonly clock: Clock;
}

/** Asks Scale for each batch that somebody has changed and that has not ended yet. */
export async function followBatches(
  { api, batchBook, clock }: FollowBatchesDependencies,
  onFailure: (part: string, error: unknown) => void,
): Promise<void> {
  for (const batch of await batchBook.listOpen()) {
    try {
      const checkedAt = clock.now();
      const seen = await readBatch(api, { id: batch.id });
      await batchBook.put({ ...(seen ?? { ...batch, status: DELETED }), checkedAt });
    } catch (error) {
      onFailure(`batch "${batch.name}"`, error);
    }
  }
}
