import type { BatchBook } from '../../shared/coverage/batch-book.ts';
import type { Directory } from '../../shared/coverage/directory.ts';
import type { MirrorState } from '../../shared/coverage/mirror-state.ts';
import type { Bodies } from '../../shared/documents/bodies.ts';
import type { Clock } from '../../shared/platform/clock.ts';
import type { Log } from '../../shared/platform/log.ts';
import type { Metrics } from '../../shared/platform/metrics.ts';
import type { ReadSecret } from '../../shared/platform/secret.ts';
import type { TaskQueue } from '../../shared/queue/task-queue.ts';
import type { ScaleApi } from '../../shared/scale/scale-api.ts';
import type { Shape } from '../../shared/tasks/head.ts';
import type { TaskIndex } from '../../shared/tasks/task-index.ts';
import { createFailures, type Failures } from '../../shared/walks/failures.ts';
import { loadNames, type Names } from '../../shared/walks/names.ts';
import { createProjectList, type ListProjects } from '../../shared/walks/project-list.ts';
import { runAlone, type Turn } from '../../shared/walks/run-alone.ts';
import type { ConfiguredSource } from '../../shared/walks/sources.ts';
import { publishClocksApart } from './clocks-apart.ts';
import { publishCoverageLag } from './coverage-lag.ts';
import { followBatches } from './follow-batches.ts';
import type { BackfillRequest } from './request.ts';
import { settleNames } from './settle-names.ts';
import { sweepInbox } from './sweep-inbox.ts';
import { createV1Access } from './v1-access.ts';
import { walkAll, type WalkAllResult } from './walk-all.ts';

export interface BackfillDependencies {
  readonly sources: readonly ConfiguredSource[];
  readonly readApiKey: ReadSecret;
  /** The name of the secret to fill, for log and errors. */
  readonly apiKeySecretId: string;
  readonly createApi: (apiKey: string, mayRetry: () => boolean) => ScaleApi;
  readonly taskQueue: TaskQueue;
  readonly mirrorState: MirrorState;
  readonly directory: Directory;
  readonly batchBook: BatchBook;
  readonly taskIndex: Pick<TaskIndex, 'listTaskIds'>;
  readonly bodies: Bodies;
  /** How often statuses other than completed are walked, in milliseconds. */
  readonly otherStatusesEveryMs: number;
  /** How far a walk reaches back behind the newest edge, in milliseconds. */
  readonly lookBackMs: number;
  /** Parts of the history that are walked at once. */
  readonly walkers: number;
  /** The API that lists the tasks. */
  readonly listApi: Shape;
  /** What pages are asked to hold beside the usual. */
  readonly opts: readonly string[];
  readonly clock: Clock;
  readonly metrics: Metrics;
  readonly log: Log;
}

/**
 * - `finished`: every window of every source is walked to its end
 * - `unfinished`: time was over; the next run goes on
 * - `busy`: another run holds the lease
 * - `no key`: the secret of the API key is empty; callback-only mode
 */
export interface BackfillResult extends Omit<WalkAllResult, 'outcome'> {
  readonly outcome: WalkAllResult['outcome'] | 'busy' | 'no key';
}

/** Time to leave for one more try of a page: a minute of `Retry-After`, a minute for the answer, and some to queue it. */
const RESERVE_MS = 150_000;

/**
 * Batches and names may repeat their calls for so long. Together with a last try it is well within the lease,
 * which is not extended meanwhile, and leaves the walks their time although an endpoint hangs.
 */
const LOOK_AFTER_MS = 2 * 60_000;

/** Walks all sources. `remainingMs` says how much time the invocation has left. */
export function createBackfill(dependencies: BackfillDependencies) {
  return async (remainingMs: () => number, request: BackfillRequest): Promise<BackfillResult> => {
    const failures = createFailures({ ...dependencies, metric: 'BackfillPartFailed' });
    await failures.guard('sweep of the inbox', () => sweepInbox(dependencies));
    const hasTime = () => remainingMs() > RESERVE_MS;
    const result = await runAlone(dependencies, { name: 'backfill', hasTime }, (turn) =>
      walkWith(dependencies, { turn, failures, request }),
    );
    if (result === 'no key') {
      dependencies.log.warn('no backfill without an API key: put one in this secret', {
        secret: dependencies.apiKeySecretId,
      });
      dependencies.metrics.seconds('CoverageLagSeconds', 0);
    }
    return typeof result === 'string' ? { outcome: result, pages: 0, tasks: 0 } : result;
  };
}

interface RunSettings {
  readonly turn: Turn;
  readonly failures: Failures;
  readonly request: BackfillRequest;
}

async function walkWith(
  dependencies: BackfillDependencies,
  { turn: { apiKey, hasTime, mayGoOn }, failures, request }: RunSettings,
): Promise<WalkAllResult> {
  const { clock, createApi, directory } = dependencies;
  let repeatsUntil = clock.now() + LOOK_AFTER_MS;
  const api = createApi(apiKey, () => hasTime() && clock.now() < repeatsUntil);
  const names = await loadNames(directory);
  const listProjects = createProjectList({ api, names, clock });
  const v1 = createV1Access({ ...dependencies, api });
  const run = { ...dependencies, api, names, listProjects, failures, v1 };
  await lookAfter(run);
  repeatsUntil = Number.POSITIVE_INFINITY;
  try {
    return await walkAll({ ...run, mayGoOn }, request);
  } finally {
    await publishCoverageLag(run);
    publishClocksApart(run);
  }
}

/** One run, with what it has found out so far. */
interface Run extends BackfillDependencies {
  readonly api: ScaleApi;
  readonly names: Names;
  readonly listProjects: ListProjects;
  readonly failures: Failures;
}

/** What is quickly done, before the walks, which may take the rest of the time: batches and names. */
async function lookAfter(run: Run): Promise<void> {
  const { failures } = run;
  await failures.guard('batches', () => followBatches(run, failures.report));
  const heads = await settleNames(run, failures.report);
  if (heads > 0) run.log.info('names changed, heads are looked at again', { heads });
}
