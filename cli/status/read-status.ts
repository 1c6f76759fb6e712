import type { FollowedBatch } from '../../shared/coverage/batch-book.ts';
import type { ReconcileReport } from '../../shared/coverage/reports.ts';
import type { RunProgress } from '../../shared/coverage/run-progress.ts';
import type { MirrorState, V1Known } from '../../shared/coverage/mirror-state.ts';
import { type Stage, stageOf } from '../../shared/coverage/stage.ts';
import { countArchived } from '../../shared/queue/dead-letter-archive.ts';
import type { Counts, Mirror, QueueDepths } from '../mirror.ts';

/** Callbacks by what became of them. */
export interface CallbackCounts {
  readonly accepted: number;
  readonly refused: number;
  /** Answered 503: nothing durable could be reached, or no key is configured. */
  readonly unavailable: number;
}

export interface SourceStatus {
  readonly source: string;
  readonly stage: Stage;
  /** The newest completion time that is proven, epoch milliseconds. */
  readonly coveredUntil: number | undefined;
  /** Of the last reconcile. */
  readonly report: ReconcileReport | undefined;
}

/** The state of a mirror at one moment. Times are epoch milliseconds. */
export interface MirrorStatus {
  readonly at: number;
  readonly lastHour: CallbackCounts;
  readonly lastDay: CallbackCounts;
  readonly queues: QueueDepths;
  /** Dead letters that SQS would have dropped by now. */
  readonly archivedLetters: number;
  readonly oldestMessageSeconds: number | undefined;
  readonly v1: V1Known | undefined;
  readonly backfill: RunProgress | undefined;
  readonly sources: readonly SourceStatus[];
  readonly batches: readonly FollowedBatch[];
}

const HOUR_MS = 60 * 60_000;

/** Reads all of it side by side: it is one moment, and somebody waits. */
export async function readStatus(
  mirror: Pick<
    Mirror,
    'mirrorState' | 'reports' | 'batchBook' | 'bodies' | 'queueDepths' | 'counts'
  >,
  now: number,
): Promise<MirrorStatus> {
  const [mirrorState, reports, batchBook, bodies, counts] = await Promise.all([
    mirror.mirrorState(),
    mirror.reports().then((book) => book.list()),
    mirror.batchBook(),
    mirror.bodies(),
    mirror.counts(),
  ]);
  const [
    lastHour,
    lastDay,
    oldestMessageSeconds,
    queues,
    archivedLetters,
    v1,
    backfill,
    sources,
    batches,
  ] = await Promise.all([
    callbacksSince(counts, now - HOUR_MS),
    callbacksSince(counts, now - 24 * HOUR_MS),
    counts.oldestMessageSeconds(),
    mirror.queueDepths(),
    countArchived(bodies),
    mirrorState.getV1(),
    mirrorState.getProgress('backfill'),
    readSources(mirrorState, reports),
    batchBook.listOpen(),
  ]);
  const callbacks = { lastHour, lastDay };
  return {
    at: now,
    ...callbacks,
    queues,
    archivedLetters,
    oldestMessageSeconds,
    v1,
    backfill,
    sources,
    batches,
  };
}

async function callbacksSince(counts: Counts, since: number): Promise<CallbackCounts> {
  const names = ['CallbackAccepted', 'CallbackRefused', 'CallbackUnavailable'] as const;
  const sums = await counts.sums(names, since);
  const [accepted = 0, refused = 0, unavailable = 0] = names.map((name) => sums[name]);
  return { accepted, refused, unavailable };
}

/** The configured sources; before the first run of backfill nobody knows them. */
async function readSources(
  mirrorState: MirrorState,
  reports: readonly ReconcileReport[],
): Promise<readonly SourceStatus[]> {
  const ids = await mirrorState.getSources();
  return Promise.all(
    ids.map(async (source) => {
      const [coverage, slices] = await Promise.all([
        mirrorState.getCoverage(source, 'completed'),
        mirrorState.listSlices(source),
      ]);
      const report = reports.find((one) => one.source === source);
      const stage = stageOf({ coverage, slices: slices.length, report });
      return { source, stage, coveredUntil: coverage?.covered.at(-1)?.until, report };
    }),
  );
}
