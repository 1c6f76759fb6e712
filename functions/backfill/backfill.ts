import { randomUUID } from 'node:crypto';

import type { BatchBook } from '../../shared/coverage/batch-book.ts';
import type { Directory } from '../../shared/coverage/directory.ts';
import type { MirrorState } from '../../shared/coverage/mirror-state.ts';
import type { Bodies } from '../../shared/documents/bodies.ts';
import type { Clock } from '../../shared/platform/clock.ts';
import { errorName, type Log } from '../../shared/platform/log.ts';
import type { Metrics } from '../../shared/platform/metrics.ts';
import type { ReadSecret } from '../../shared/platform/secret.ts';
import type { TaskQueue } from '../../shared/queue/task-queue.ts';
import { ScaleRefusedError } from '../../shared/scale/errors.ts';
import type { ScaleApi } from '../../shared/scale/scale-api.ts';
import type { TaskIndex } from '../../shared/tasks/task-index.ts';
import { followBatches } from './follow-batches.ts';
import { loadNames, type Names } from './names.ts';
import { createProjectList, type ListProjects } from './project-list.ts';
import type { BackfillRequest } from './request.ts';
import { settleNames } from './settle-names.ts';
import { type ConfiguredSource, resolveSources } from './sources.ts';
import { isDue, walkedStatuses } from './statuses.ts';
import { sweepInbox } from './sweep-inbox.ts';
import { walk } from './walk.ts';
import type { Walk } from './window.ts';

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
  readonly taskIndex: TaskIndex;
  readonly bodies: Bodies;
  /** How often statuses other than completed are walked, in milliseconds. */
  readonly otherStatusesEveryMs: number;
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
export interface BackfillResult {
  readonly outcome: 'finished' | 'unfinished' | 'busy' | 'no key';
  readonly pages: number;
  readonly tasks: number;
}

/** Time to leave for one more try of a page: a minute of `Retry-After`, a minute for the answer, and some to queue it. */
const RESERVE_MS = 150_000;

/** A run that dies holds others up for so long; extended before every page. */
const LEASE_MS = 10 * 60_000;

const LEASE_NAME = 'backfill';

/** Scale said 401 or 403: no source can be walked until somebody mends the key. */
export class ApiKeyRefusedError extends Error {
  override readonly name = 'ApiKeyRefusedError';

  constructor(secretId: string, status: number) {
    super(
      `Scale answered ${String(status)}: put a valid API key in the secret ${secretId} ` +
        '(dashboard, "API keys"; a live key for live tasks)',
    );
  }
}

/** Some walks failed; the others went on. */
export class BackfillFailedError extends Error {
  override readonly name = 'BackfillFailedError';

  constructor(walks: readonly string[]) {
    super(`backfill failed for ${walks.join('; ')}`);
  }
}

/** Walks all sources. `remainingMs` says how much time the invocation has left. */
export function createBackfill(dependencies: BackfillDependencies) {
  return async (remainingMs: () => number, request: BackfillRequest): Promise<BackfillResult> => {
    const failed: string[] = [];
    await part(dependencies, failed, 'sweep of the inbox', () => sweepInbox(dependencies));
    const apiKey = await dependencies.readApiKey();
    if (apiKey === undefined) {
      dependencies.log.warn('no backfill without an API key: put one in this secret', {
        secret: dependencies.apiKeySecretId,
      });
      return { outcome: 'no key', pages: 0, tasks: 0 };
    }
    const { mirrorState, clock } = dependencies;
    const lease = { name: LEASE_NAME, owner: randomUUID() };
    const hold = () => mirrorState.holdLease(lease, clock.now(), clock.now() + LEASE_MS);
    if (!(await hold())) return { outcome: 'busy', pages: 0, tasks: 0 };
    try {
      const hasTime = () => remainingMs() > RESERVE_MS;
      const api = dependencies.createApi(apiKey, hasTime);
      const names = await loadNames(dependencies.directory);
      const listProjects = createProjectList({ api, names, clock });
      const run = { ...dependencies, api, names, listProjects, failed };
      await lookAfter(run);
      return await walkAll(run, request, async () => hasTime() && (await hold()));
    } catch (error) {
      if (isUnauthorized(error)) {
        throw new ApiKeyRefusedError(dependencies.apiKeySecretId, error.status);
      }
      throw error;
    } finally {
      await mirrorState.releaseLease(lease);
    }
  };
}

/** One run, with what it has found out so far. */
interface Run extends BackfillDependencies {
  readonly api: ScaleApi;
  readonly names: Names;
  readonly listProjects: ListProjects;
  readonly failed: string[];
}

/** What is quickly done, before the walks, which may take the rest of the time: batches and names. */
async function lookAfter(run: Run): Promise<void> {
  await part(run, run.failed, 'batches', () =>
    followBatches(run, (name, error) => {
      report(run, run.failed, name, error);
    }),
  );
  await part(run, run.failed, 'names of projects and batches', async () => {
    const heads = await settleNames(run);
    if (heads > 0) run.log.info('names changed, heads are looked at again', { heads });
  });
}

/**
 * One walk after the other, the one whose last page was read longest ago first: however long one of them
 * takes, or however slowly it fails, each has its turn before that one goes on. A walk that fails does not
 * stop the others; the run fails at its end, so that the alarm on errors sees it.
 */
async function walkAll(
  run: Run,
  request: BackfillRequest,
  mayGoOn: () => Promise<boolean>,
): Promise<BackfillResult> {
  const { failed, log } = run;
  let pages = 0;
  let tasks = 0;
  for (const one of await openWalks(run, request)) {
    try {
      const result = await walk({ ...run, mayGoOn }, one);
      pages += result.pages;
      tasks += result.tasks;
      if (!result.isDone) return { outcome: 'unfinished', pages, tasks };
    } catch (error) {
      report(run, failed, `${one.source.id} (${one.status})`, error);
    }
  }
  if (failed.length > 0) throw new BackfillFailedError(failed);
  log.info('backfill finished', { pages, tasks });
  return { outcome: 'finished', pages, tasks };
}

async function openWalks(run: Run, { isFull }: BackfillRequest): Promise<Walk[]> {
  const { sources, mirrorState, clock, otherStatusesEveryMs, opts, listProjects } = run;
  const onFailure = (name: string, error: unknown): void => {
    report(run, run.failed, name, error);
  };
  const pace = { now: clock.now(), otherStatusesEveryMs, isFull };
  const walks: Walk[] = [];
  const resolved = await resolveSources(sources, listProjects, onFailure);
  for (const status of walkedStatuses) {
    for (const source of resolved) {
      const held = await mirrorState.getWalk(source.id, status);
      if (isDue(status, held, pace)) walks.push({ source, status, held, opts });
    }
  }
  return walks.sort((a, b) => (a.held?.walkedAt ?? 0) - (b.held?.walkedAt ?? 0));
}

/** A part whose failure does not keep the others from running. */
async function part(
  dependencies: Pick<BackfillDependencies, 'log'>,
  failed: string[],
  name: string,
  run: () => Promise<void>,
): Promise<void> {
  try {
    await run();
  } catch (error) {
    report(dependencies, failed, name, error);
  }
}

/** Takes note of a part that failed. A refused key ends the run at once: no other part can do better. */
function report(
  { log }: Pick<BackfillDependencies, 'log'>,
  failed: string[],
  name: string,
  error: unknown,
): void {
  if (isUnauthorized(error)) throw error;
  log.error('a part of the backfill failed', { part: name, error: errorName(error) });
  failed.push(`${name}: ${error instanceof Error ? error.message : 'failed'}`);
}

function isUnauthorized(error: unknown): error is ScaleRefusedError {
  return error instanceof ScaleRefusedError && error.isUnauthorized;
}
