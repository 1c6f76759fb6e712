import type { Coverage } from '../../shared/coverage/coverage.ts';
import type { WalkBook } from '../../shared/coverage/mirror-state.ts';
import type { ReconcileReport } from '../../shared/coverage/reports.ts';
import { ForeignTasksError } from '../../shared/walks/foreign-tasks.ts';
import type { Source } from '../../shared/walks/sources.ts';
import { walkedStatuses } from '../../shared/walks/statuses.ts';
import type { Checkpoints } from './checkpoint.ts';
import { comparePage, type ComparePageDependencies } from './compare-page.ts';
import { findGone, type FindGoneDependencies } from './find-gone.ts';
import { readDeliveries, type ReadDeliveriesDependencies } from './read-deliveries.ts';
import { newProgress, type Progress } from './progress.ts';
import { writeReport, type WriteReportDependencies } from './write-report.ts';
import { walkSource, type WalkSourceDependencies } from './walk-source.ts';

export interface ReconcileSourceDependencies
  extends
    Omit<WalkSourceDependencies, 'visit'>,
    Omit<ComparePageDependencies, 'proven'>,
    FindGoneDependencies,
    Omit<ReadDeliveriesDependencies, 'api'>,
    WriteReportDependencies {
  readonly walkBook: Pick<WalkBook, 'getCoverage'>;
  readonly checkpoints: Checkpoints;
  /** Whether this run still holds the lease. */
  readonly isMine: () => Promise<boolean>;
  /** A checkpoint that began before then, epoch milliseconds, is of no use. */
  readonly notBefore: number;
}

/** A crash loses no more than what was read in so long. */
const SAVE_EVERY_MS = 2 * 60_000;

/**
 * Compares all of one source, and answers what was found; `undefined` where time was over and the next
 * invocation goes on. What the walks have read and what they have seen is kept in one piece: whatever is lost
 * of the one is lost of the other, and read again.
 */
export async function reconcileSource(
  dependencies: ReconcileSourceDependencies,
  source: Source,
): Promise<ReconcileReport | undefined> {
  const { clock, checkpoints, report, log } = dependencies;
  const progress = await takeUpProgress(dependencies, source);
  const saving = savingOf(dependencies, progress, source);
  const coverages = await provenOf(dependencies, source);
  const compared = { ...dependencies, proven: (status: string) => coverages.get(status) };

  const visit: WalkSourceDependencies['visit'] = async (walk, page) => {
    await comparePage(compared, progress, walk, page);
    await saving.now(SAVE_EVERY_MS);
  };
  const walked = await walkSource({ ...dependencies, visit }, progress, source);
  const isWhole = walked === 'finished';
  const here = isWhole ? await findGone(dependencies, progress, source) : undefined;
  if (walked === 'unfinished' || (isWhole && here === undefined)) {
    await saving.now();
    return undefined;
  }
  const { foreign, unreadable } = progress.counts;
  if (foreign > 0) report(source.id, new ForeignTasksError(source, foreign));
  if (unreadable > 0) log.warn('tasks that cannot be read were left out', { unreadable });
  const deliveries = isWhole ? await readDeliveries(dependencies, source) : undefined;
  const finishedAt = clock.now();
  const reconciled = { source, progress, here, deliveries, finishedAt };
  const written = await writeReport(dependencies, reconciled);
  // What failed is gone on with; of what is finished nothing is left to do.
  if (walked === 'failed') await saving.now();
  else await checkpoints.remove(source.id);
  return written;
}

async function takeUpProgress(
  { checkpoints, notBefore, clock, api }: ReconcileSourceDependencies,
  source: Source,
): Promise<Progress> {
  const kept = await checkpoints.load(source.id);
  if (kept !== undefined && kept.startedAt >= notBefore) return kept;
  const startedAt = clock.now();
  return newProgress(startedAt, await api.now());
}

/** Saves the progress, if it was not saved within a time; never once another run may have it. */
function savingOf(
  { checkpoints, isMine, clock }: ReconcileSourceDependencies,
  progress: Progress,
  source: Source,
) {
  let savedAt = clock.now();
  return {
    now: async (unlessWithinMs = 0): Promise<void> => {
      if (unlessWithinMs > 0 && clock.now() - savedAt < unlessWithinMs) return;
      savedAt = clock.now();
      if (await isMine()) await checkpoints.save(source.id, progress);
    },
  };
}

/** What backfill has proven of each status. */
async function provenOf(
  { walkBook }: ReconcileSourceDependencies,
  { id }: Source,
): Promise<ReadonlyMap<string, Coverage>> {
  const coverages = new Map<string, Coverage>();
  for (const status of walkedStatuses) {
    const coverage = await walkBook.getCoverage(id, status);
    if (coverage !== undefined) coverages.set(status, coverage);
  }
  return coverages;
}
