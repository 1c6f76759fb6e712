import { randomUUID } from 'node:crypto';

import type { MirrorState } from '../../shared/coverage/mirror-state.ts';
import type { Bodies } from '../../shared/documents/bodies.ts';
import type { Clock } from '../../shared/platform/clock.ts';
import { errorName, type Log } from '../../shared/platform/log.ts';
import type { Metrics } from '../../shared/platform/metrics.ts';
import type { ReadSecret } from '../../shared/platform/secret.ts';
import type { TaskQueue } from '../../shared/queue/task-queue.ts';
import { ScaleRefusedError } from '../../shared/scale/errors.ts';
import type { ScaleApi } from '../../shared/scale/scale-api.ts';
import { type ConfiguredSource, resolveSources } from './sources.ts';
import { sweepInbox } from './sweep-inbox.ts';
import { type Walk, walk, walkedStatuses } from './walk.ts';

export interface BackfillDependencies {
  readonly sources: readonly ConfiguredSource[];
  readonly readApiKey: ReadSecret;
  /** The name of the secret to fill, for log and errors. */
  readonly apiKeySecretId: string;
  readonly createApi: (apiKey: string, mayRetry: () => boolean) => ScaleApi;
  readonly taskQueue: TaskQueue;
  readonly mirrorState: MirrorState;
  readonly bodies: Bodies;
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
  return async (remainingMs: () => number): Promise<BackfillResult> => {
    const failed = await sweep(dependencies);
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
      const mayGoOn = async () => hasTime() && (await hold());
      const api = dependencies.createApi(apiKey, hasTime);
      return await walkAll(dependencies, api, mayGoOn, failed);
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

/**
 * One walk after the other, the one whose last page was read longest ago first: however long one of them
 * takes, or however slowly it fails, each has its turn before that one goes on. A walk that fails does not
 * stop the others; the run fails at its end, so that the alarm on errors sees it.
 */
async function walkAll(
  dependencies: BackfillDependencies,
  api: ScaleApi,
  mayGoOn: () => Promise<boolean>,
  failed: string[],
): Promise<BackfillResult> {
  let pages = 0;
  let tasks = 0;
  for (const one of await openWalks(dependencies, api, failed)) {
    try {
      const result = await walk({ ...dependencies, api, mayGoOn }, one);
      pages += result.pages;
      tasks += result.tasks;
      if (!result.isDone) return { outcome: 'unfinished', pages, tasks };
    } catch (error) {
      report(dependencies, failed, `${one.source.id} (${one.status})`, error);
    }
  }
  if (failed.length > 0) throw new BackfillFailedError(failed);
  dependencies.log.info('backfill finished', { pages, tasks });
  return { outcome: 'finished', pages, tasks };
}

async function openWalks(
  dependencies: BackfillDependencies,
  api: ScaleApi,
  failed: string[],
): Promise<Walk[]> {
  const { sources, mirrorState } = dependencies;
  const onFailure = (name: string, error: unknown): void => {
    report(dependencies, failed, name, error);
  };
  const walks: Walk[] = [];
  for (const source of await resolveSources(sources, api, onFailure)) {
    for (const status of walkedStatuses) {
      walks.push({ source, status, held: await mirrorState.getWalk(source.id, status) });
    }
  }
  return walks.sort((a, b) => (a.held?.walkedAt ?? 0) - (b.held?.walkedAt ?? 0));
}

/** A sweep that fails does not keep backfill from running. */
async function sweep(dependencies: BackfillDependencies): Promise<string[]> {
  const failed: string[] = [];
  try {
    await sweepInbox(dependencies);
  } catch (error) {
    report(dependencies, failed, 'sweep of the inbox', error);
  }
  return failed;
}

/** Takes note of a part that failed. A refused key ends the run at once: no other part can do better. */
function report(
  { log }: BackfillDependencies,
  failed: string[],
  part: string,
  error: unknown,
): void {
  if (isUnauthorized(error)) throw error;
  log.error('a part of the backfill failed', { part, error: errorName(error) });
  failed.push(`${part}: ${error instanceof Error ? error.message : 'failed'}`);
}

function isUnauthorized(error: unknown): error is ScaleRefusedError {
  return error instanceof ScaleRefusedError && error.isUnauthorized;
}
