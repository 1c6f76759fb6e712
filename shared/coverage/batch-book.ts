import type { Batch, TaskCounts } from '../scale/batches.ts';

/** A batch that is followed until it ends. */
export interface FollowedBatch extends Batch {
  /** Its tasks by status, where Scale's v1 knows the batch. */
  readonly counts?: TaskCounts | undefined;
  /** When Scale was asked, epoch milliseconds. */
  readonly checkedAt: number;
  /** Since when it has been found as it is; absent where it was asked for once. Epoch milliseconds. */
  readonly changedAt?: number | undefined;
}

/** The batches that are followed, or were until they ended. */
export interface BatchBook {
  get(id: string): Promise<FollowedBatch | undefined>;
  /** Those that have not ended yet. */
  listOpen(): Promise<readonly FollowedBatch[]>;
  /** Writes what Scale said, unless a later answer stands there. */
  put(batch: FollowedBatch): Promise<void>;
}

/** Documented: completed and cancelled. The other two are how a mirror could come to see one that is gone. */
const ENDED = ['completed', 'cancelled', 'canceled', 'deleted'];

export function hasEnded({ status }: Pick<Batch, 'status'>): boolean {
  return ENDED.includes(status);
}
