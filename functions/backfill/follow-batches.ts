import { isDeepStrictEqual } from 'node:util';

import type { BatchBook, FollowedBatch } from '../../shared/coverage/batch-book.ts';
import type { Clock } from '../../shared/platform/clock.ts';
import { DELETED } from '../../shared/tasks/head.ts';
import { type CountedBatch, readBatch } from '../../shared/scale/read-batch.ts';
import type { ScaleApi } from '../../shared/scale/scale-api.ts';

export interface FollowBatchesDependencies {
  readonly api: Pick<ScaleApi, 'getBatch' | 'countBatchTasks'>;
  readonly batchBook: BatchBook;
  readonly clock: Clock;
}

/** Batches must not take the time of the walks; the next run goes on with those asked for longest ago. */
const LONGEST_MS = 60_000;

/** A batch that has stood still is asked for again after this part of that time, */
const PATIENCE = 1 / 10;

/** and after this at the latest: one that is forgotten in staging never ends. */
const LONGEST_PAUSE_MS = 24 * 60 * 60_000;

/** Asks Scale for each batch that somebody has changed and that has not ended yet. */
export async function followBatches(
  { api, batchBook, clock }: FollowBatchesDependencies,
  onFailure: (part: string, error: unknown) => void,
): Promise<void> {
  const startedAt = clock.now();
  const due = (await batchBook.listOpen()).filter((batch) => isDue(batch, startedAt));
  for (const batch of due.toSorted((a, b) => a.checkedAt - b.checkedAt)) {
    const checkedAt = clock.now();
    if (checkedAt - startedAt >= LONGEST_MS) return;
    try {
      const seen = await readBatch(api, { id: batch.id });
      await batchBook.put(afterLook(batch, seen, checkedAt));
    } catch (error) {
      onFailure(`batch "${batch.name}"`, error);
    }
  }
}

function isDue({ checkedAt, changedAt = checkedAt }: FollowedBatch, now: number): boolean {
  const pauseMs = Math.min(LONGEST_PAUSE_MS, (checkedAt - changedAt) * PATIENCE);
  return now - checkedAt >= pauseMs;
}

function afterLook(
  held: FollowedBatch,
  seen: CountedBatch | undefined,
  checkedAt: number,
): FollowedBatch {
  if (seen === undefined) return { ...held, status: DELETED, checkedAt, changedAt: checkedAt };
  const since = held.changedAt ?? held.checkedAt;
  return { ...seen, checkedAt, changedAt: isAsBefore(held, seen) ? since : checkedAt };
}

function isAsBefore(held: FollowedBatch, seen: CountedBatch): boolean {
  return held.status === seen.status && isDeepStrictEqual(held.counts, seen.counts);
}
