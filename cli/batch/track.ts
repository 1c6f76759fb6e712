import type { BatchBook } from '../../shared/coverage/batch-book.ts';
import type { Batch, BatchesApi, TaskCounts } from '../../shared/scale/batches.ts';
import type { Sighting } from './find-batch.ts';

export interface TrackDependencies {
  readonly api: Pick<BatchesApi, 'countBatchTasks'>;
  /** Absent where the command was told of no mirror, only of Scale. */
  readonly book: BatchBook | undefined;
  readonly tell: (line: string) => void;
  /** The command that tracks a batch and changes nothing at Scale, for hints. */
  readonly trackCommand: (batch: Batch) => string;
}

/** Tasks by status; `undefined` where Scale does not say. That never fails a command. */
export async function countTasks(
  { api, tell }: Pick<TrackDependencies, 'api' | 'tell'>,
  name: string,
): Promise<TaskCounts | undefined> {
  try {
    return await api.countBatchTasks(name);
  } catch (error) {
    tell(`The tasks could not be counted: ${messageOf(error)}`);
    return undefined;
  }
}

/** Whether a batch now stands in `MirrorState`, and if not, why. */
export type Tracking =
  { readonly isTracked: true } | { readonly isTracked: false; readonly reason: string };

/** Writes down what Scale said of a batch. What was done at Scale is done, even where this fails. */
export async function track(
  { book, tell, trackCommand }: Omit<TrackDependencies, 'api'>,
  { batch, askedAt }: Sighting,
  counts: TaskCounts | undefined,
): Promise<Tracking> {
  if (book === undefined) {
    tell(`Not tracked, since no mirror was named. To have it tracked: ${trackCommand(batch)}`);
    return { isTracked: false, reason: 'no mirror was named' };
  }
  try {
    await book.put({ ...batch, counts, checkedAt: askedAt });
    return { isTracked: true };
  } catch (error) {
    const reason = messageOf(error);
    tell(
      `What happened at Scale stands, but tracking it failed: ${reason}. To try that again: ${trackCommand(batch)}`,
    );
    return { isTracked: false, reason };
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
