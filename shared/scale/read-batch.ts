import type { Batch, BatchRef, TaskCounts } from './batches.ts';
import { ScaleRefusedError } from './errors.ts';
import type { ScaleApi } from './scale-api.ts';

/** A batch with its tasks by status, where Scale's v1 knows the batch. */
export interface CountedBatch extends Batch {
  readonly counts: TaskCounts | undefined;
}

/**
 * Reads a batch and counts its tasks; `undefined` where Scale does not know it. v1 may refuse a batch of
 * v2: then there are no counts, which is no reason to know nothing of the batch.
 */
export async function readBatch(
  api: Pick<ScaleApi, 'getBatch' | 'countBatchTasks'>,
  ref: BatchRef,
): Promise<CountedBatch | undefined> {
  const batch = await api.getBatch(ref);
  return batch && { ...batch, counts: await countsOf(api, batch.name) };
}

/** The tasks of a batch by status; `undefined` where v1 does not know the batch, or refuses to count. */
export async function countsOf(
  api: Pick<ScaleApi, 'countBatchTasks'>,
  name: string,
): Promise<TaskCounts | undefined> {
  try {
    return await api.countBatchTasks(name);
  } catch (error) {
    if (error instanceof ScaleRefusedError && !error.isUnauthorized) return undefined;
    throw error;
  }
}
