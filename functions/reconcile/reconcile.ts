import type { CountsBook } from '../../shared/coverage/counts-book.ts';
import type { Directory } from '../../shared/coverage/directory.ts';
import type { AccountBook, Leases, WalkBook } from '../../shared/coverage/mirror-state.ts';
import type { ReconcileReport, Reports } from '../../shared/coverage/reports.ts';
import type { Bodies } from '../../shared/documents/bodies.ts';
import type { OrderSettings } from '../../shared/observations/observation.ts';
import type { Clock } from '../../shared/platform/clock.ts';
import { type Log, PlainError } from '../../shared/platform/log.ts';
import type { Metrics } from '../../shared/platform/metrics.ts';
import type { ReadSecret } from '../../shared/platform/secret.ts';
import type { TaskQueue } from '../../shared/queue/task-queue.ts';
import type { ScaleApi } from '../../shared/scale/scale-api.ts';
import type { Shape } from '../../shared/tasks/head.ts';
import type { TaskIndex } from '../../shared/tasks/task-index.ts';
import type { TaskTable } from '../../shared/tasks/task-table.ts';
import { createFailures, type Failures } from '../../shared/walks/failures.ts';
import { loadNames } from '../../shared/walks/names.ts';
import { runAlone, type Turn } from '../../shared/walks/run-alone.ts';
import { type ConfiguredSource, pickSources, resolveSources } from '../../shared/walks/sources.ts';
import { batchesApart } from './check-counts.ts';
import { createCheckpoints } from './checkpoint.ts';
import { dueSources } from './due.ts';
import { reconcileSource, type ReconcileSourceDependencies } from './reconcile-source.ts';
import type { ReconcileRequest } from './request.ts';

export interface ReconcileDependencies {
  readonly sources: readonly ConfiguredSource[];
  readonly readApiKey: ReadSecret;
  /** The name of the secret to fill, for log and errors. */
  readonly apiKeySecretId: string;
  readonly createApi: (apiKey: string, mayRetry: () => boolean) => ScaleApi;
  readonly taskTable: Pick<TaskTable, 'getHeads'>;
  readonly taskIndex: TaskIndex;
  readonly taskQueue: Pick<TaskQueue, 'sendAll'>;
  readonly mirrorState: Leases & WalkBook & Pick<AccountBook, 'getV1'>;
  readonly reports: Reports;
  readonly countsBook: CountsBook;
  readonly directory: Directory;
  readonly bodies: Bodies;
  /** How often each source is reconciled, in milliseconds. */
  readonly everyMs: number;
  readonly order: OrderSettings;
  /** Parts of the history that are walked at once. */
  readonly walkers: number;
  /** The API that lists the tasks. */
  readonly listApi: Shape;
  /** What pages are asked to hold beside the usual; as the worker and backfill ask, or all would differ. */
  readonly opts: readonly string[];
  readonly clock: Clock;
  readonly metrics: Metrics;
  readonly log: Log;
}

/**
 * - `finished`: every source that was due is compared to its end
 * - `unfinished`: time was over; the next run goes on
 * - `busy`: another run holds the lease
 * - `no key`: the secret of the API key is empty; there is nobody to compare with
 */
export interface ReconcileResult {
  readonly outcome: 'finished' | 'unfinished' | 'busy' | 'no key';
  /** Of the sources that this run has finished with. */
  readonly reports: readonly ReconcileReport[];
}

/** Some sources could not be compared completely; the others were. */
export class ReconcileFailedError extends PlainError {
  override readonly name = 'ReconcileFailedError';

  constructor(parts: readonly string[]) {
    super(`reconcile failed for ${parts.join('; ')}`);
  }
}

/** Time to leave for one more try of a page, as with backfill, and to keep what was found. */
const RESERVE_MS = 180_000;

/** A source that takes longer is begun anew: what was seen so long ago says nothing about the present. */
const LONGEST_MS = 24 * 60 * 60_000;

/**
 * Compares all that Scale lists of each source with what is here, reports what is not equal, and has the worker
 * settle it. `remainingMs` says how much time the invocation has left.
 */
export function createReconcile(dependencies: ReconcileDependencies) {
  return async (remainingMs: () => number, request: ReconcileRequest): Promise<ReconcileResult> => {
    const hasTime = () => remainingMs() > RESERVE_MS;
    const result = await runAlone(dependencies, { name: 'reconcile', hasTime }, async (turn) => {
      const failures = createFailures({ ...dependencies, metric: 'ReconcilePartFailed' });
      const all = await reconcileAll(dependencies, { turn, failures }, request);
      if (failures.parts.length > 0) throw new ReconcileFailedError(failures.parts);
      return all;
    });
    if (result === 'no key') {
      dependencies.log.warn('no reconcile without an API key: put one in this secret', {
        secret: dependencies.apiKeySecretId,
      });
    }
    return typeof result === 'string' ? { outcome: result, reports: [] } : result;
  };
}

/** One source after the other: what was seen of one fits into memory, that of all may not. */
async function reconcileAll(
  dependencies: ReconcileDependencies,
  { turn, failures }: { readonly turn: Turn; readonly failures: Failures },
  request: ReconcileRequest,
): Promise<ReconcileResult> {
  const { sources, mirrorState, clock, bodies, directory, everyMs, log } = dependencies;
  const { mayGoOn, isMine } = turn;
  const api = dependencies.createApi(turn.apiKey, turn.hasTime);
  const checkpoints = createCheckpoints(bodies);
  const all = await resolveSources(sources, () => api.listProjects(), failures.report);
  const resolved = pickSources(all, request.only);
  const reportsBefore = await dependencies.reports.list();
  const due = await dueSources({ ...dependencies, walkBook: mirrorState }, resolved, request, {
    now: clock.now(),
    reports: reportsBefore,
    begun: await checkpoints.list(),
  });
  const counting = { ...dependencies, api, mayGoOn, accountBook: mirrorState };
  const others = resolved.filter((source) => !due.includes(source));
  const apart = await batchesApart(counting, others, reportsBefore);
  const run: ReconcileSourceDependencies = {
    ...{ ...dependencies, api, mayGoOn, isMine, checkpoints, walkBook: mirrorState },
    accountBook: mirrorState,
    idsOf: (await loadNames(directory)).idsOf,
    report: failures.report,
    notBefore: request.allSince ?? clock.now() - Math.max(everyMs, LONGEST_MS),
  };
  const reports: ReconcileReport[] = [];
  for (const source of [...due, ...apart]) {
    if (!(await mayGoOn())) return { outcome: 'unfinished', reports };
    try {
      const report = await reconcileSource(run, source);
      if (report === undefined) return { outcome: 'unfinished', reports };
      reports.push(report);
      const { atScale, missing, differing, open, gone, idsKey } = report;
      log.info('a source was reconciled', { atScale, missing, differing, open, gone, idsKey });
    } catch (error) {
      failures.report(source.id, error);
    }
  }
  return { outcome: 'finished', reports };
}
