import type { Batch, BatchAction, BatchRef, TaskCounts } from '../../shared/scale/batches.ts';
import { CommandFailure } from '../failure.ts';
import { nameOf, requireAllowed } from './batch-rules.ts';
import { findBatch, type FindDependencies } from './find-batch.ts';
import type { PerformDependencies } from './doubt.ts';
import { perform } from './perform.ts';
import { countTasks, track, type TrackDependencies, type Tracking } from './track.ts';

export interface ChangeDependencies extends PerformDependencies, TrackDependencies {
  readonly api: PerformDependencies['api'] & TrackDependencies['api'];
  /** Asked before what cannot be undone. */
  readonly confirm: (question: string) => Promise<boolean>;
}

/** What a command says of a batch. */
export interface BatchReport {
  readonly action: BatchAction | 'show';
  readonly batch: Batch;
  /** Absent where nothing was to be changed. */
  readonly statusBefore?: string;
  readonly message?: string | undefined;
  /** Absent where Scale does not say. */
  readonly counts: TaskCounts | undefined;
  /** Absent where nobody asked for it. */
  readonly tracking?: Tracking;
}

/** Looks first, explains where the status does not allow it, acts, checks what came back, and tracks. */
export async function changeBatch(
  dependencies: ChangeDependencies,
  action: BatchAction,
  ref: BatchRef,
): Promise<BatchReport> {
  const { batch: before } = await findBatch(dependencies, ref);
  requireAllowed(action, before);
  if (action === 'cancel') await requireConsent(dependencies, before);
  const { message, ...seen } = await perform(dependencies, { action, ref, before });
  // An action answers the id of the project alone.
  const batch = { ...seen.batch, project: { ...before.project, ...seen.batch.project } };
  const counts = await countTasks(dependencies, batch.name);
  const tracking = await track(dependencies, { ...seen, batch }, counts);
  return { action, batch, statusBefore: before.status, message, counts, tracking };
}

async function requireConsent({ confirm }: ChangeDependencies, batch: Batch): Promise<void> {
  const what = `This cancels ${nameOf(batch)}, which is ${batch.status}, and all of its unstarted tasks.`;
  if (await confirm(`${what} It cannot be undone. Go on?`)) return;
  throw new CommandFailure('declined', 'nothing has been changed');
}

export interface ShowDependencies extends FindDependencies, TrackDependencies {
  readonly api: FindDependencies['api'] & TrackDependencies['api'];
}

/** Looks only; tracks what it saw where that is asked for. */
export async function showBatch(
  dependencies: ShowDependencies,
  ref: BatchRef,
  isToBeTracked: boolean,
): Promise<BatchReport> {
  const seen = await findBatch(dependencies, ref);
  const counts = await countTasks(dependencies, seen.batch.name);
  const report = { action: 'show', batch: seen.batch, counts } as const;
  if (!isToBeTracked) return report;
  return { ...report, tracking: await track(dependencies, seen, counts) };
}
