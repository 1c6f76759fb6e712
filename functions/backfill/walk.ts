import type { Bodies } from '../../shared/documents/bodies.ts';
import type { MirrorState, WalkState } from '../../shared/coverage/mirror-state.ts';
import type { Clock } from '../../shared/platform/clock.ts';
import { toIso } from '../../shared/platform/iso.ts';
import type { Log } from '../../shared/platform/log.ts';
import type { Metrics } from '../../shared/platform/metrics.ts';
import { directMessage, viaInbox } from '../../shared/queue/carry.ts';
import type { TaskQueue } from '../../shared/queue/task-queue.ts';
import type { Origin, WireMessage } from '../../shared/queue/task-message.ts';
import { ScaleRefusedError } from '../../shared/scale/errors.ts';
import type { ScaleApi, TaskFilters, TaskPage } from '../../shared/scale/scale-api.ts';
import type { Source } from './sources.ts';

export interface WalkDependencies {
  readonly api: Pick<ScaleApi, 'listTasks'>;
  readonly taskQueue: Pick<TaskQueue, 'sendAll'>;
  readonly mirrorState: Pick<MirrorState, 'putWalk'>;
  readonly bodies: Pick<Bodies, 'put'>;
  readonly clock: Clock;
  readonly metrics: Metrics;
  readonly log: Log;
  /** Called before each page; false stops the walk, which the next run goes on with. */
  readonly mayGoOn: () => Promise<boolean>;
}

/** The statuses that are walked, one pass each: what the API gives without a status is not documented. */
export const walkedStatuses = ['completed', 'pending'] as const;
type WalkedStatus = (typeof walkedStatuses)[number];

/** The vendor's page says 1 < x < 100; other crawls of it allow 100. */
const PAGE_LIMIT = 99;

/** A window reaches back behind the end of the last one: Scale may show a completion late. */
const OVERLAP_MS = 60 * 60_000;

export interface WalkResult {
  readonly isDone: boolean;
  readonly pages: number;
  readonly tasks: number;
}

/** Scale gave a token that it had given before: the pages go in circles. */
class EndlessTokenError extends Error {
  override readonly name = 'EndlessTokenError';

  constructor(pages: number) {
    super(`Scale gave the same next_token twice, after ${String(pages)} pages`);
  }
}

/** One status of one source, and how far it has come. */
export interface Walk {
  readonly source: Source;
  readonly status: WalkedStatus;
  readonly held: WalkState | undefined;
}

/**
 * Walks one status of one source, from where the last run stopped, to the end of its window. The resume
 * point moves only once every task of a page is durable on the queue or in the bucket.
 */
export async function walk(
  dependencies: WalkDependencies,
  { source, status, held }: Walk,
): Promise<WalkResult> {
  const { mirrorState, clock, metrics, mayGoOn } = dependencies;
  let state = resume(held, source, status, clock.now());
  let pages = 0;
  let tasks = 0;
  let mayRestart = true;
  const seenTokens = new Set(state.nextToken === undefined ? [] : [state.nextToken]);
  try {
    while (!state.isDone) {
      if (!(await mayGoOn())) return { isDone: false, pages, tasks };
      const page = await readPage(dependencies, source, status, state, mayRestart);
      if (page === 'token refused') {
        mayRestart = false;
        seenTokens.clear();
        state = { ...state, nextToken: undefined, pages: 0, tasks: 0 };
        continue;
      }
      await enqueue(dependencies, page);
      rememberToken(seenTokens, page, state);
      const next = advance(state, page, clock.now());
      await mirrorState.putWalk(source.id, status, next);
      state = next;
      pages += 1;
      tasks += page.tasks.length;
      metrics.count('BackfillPages');
      metrics.count('BackfillTasks', page.tasks.length);
    }
  } catch (error) {
    // To the end of the line: a source that times out must not take the others' time at every run.
    await mirrorState.putWalk(source.id, status, { ...state, walkedAt: clock.now() });
    throw error;
  }
  return { isDone: true, pages, tasks };
}

function rememberToken(seen: Set<string>, { nextToken }: TaskPage, { pages }: WalkState): void {
  if (nextToken === undefined) return;
  if (seen.has(nextToken)) throw new EndlessTokenError(pages);
  seen.add(nextToken);
}

/**
 * How long a token is good for is not documented: a refused one begins the window again, once a run, so
 * that an API which refuses each of its tokens fails the walk instead of going in circles.
 */
async function readPage(
  { api, log }: WalkDependencies,
  source: Source,
  status: WalkedStatus,
  state: WalkState,
  mayRestart: boolean,
): Promise<TaskPage | 'token refused'> {
  try {
    return await api.listTasks(filtersOf(source, status, state), state.nextToken);
  } catch (error) {
    const isRefused = error instanceof ScaleRefusedError && !error.isUnauthorized;
    if (!isRefused || !mayRestart || state.nextToken === undefined) throw error;
    log.warn('token refused, the window is walked again from its beginning', { status });
    return 'token refused';
  }
}

/** Goes on with an open window of the same filters; else opens the next one behind the last that ended. */
function resume(
  held: WalkState | undefined,
  source: Source,
  status: WalkedStatus,
  now: number,
): WalkState {
  const filters = fingerprint(source, status);
  const isSame = held?.filters === filters;
  if (held !== undefined && isSame && !held.isDone) return held;
  const from = isSame && status === 'completed' ? held.until - OVERLAP_MS : undefined;
  return { filters, from, until: now, walkedAt: now, pages: 0, tasks: 0, isDone: false };
}

/** What makes two walks the same walk: a token of one is good for the other. */
function fingerprint(source: Source, status: WalkedStatus): string {
  return JSON.stringify({ ...source.filter, status, limit: PAGE_LIMIT });
}

function filtersOf(source: Source, status: WalkedStatus, { from, until }: WalkState): TaskFilters {
  const window =
    status === 'completed'
      ? {
          completed_after: from === undefined ? undefined : toIso(from),
          completed_before: toIso(until),
        }
      : {};
  return { ...source.filter, status, ...window, limit: PAGE_LIMIT };
}

function advance(state: WalkState, { tasks, nextToken }: TaskPage, now: number): WalkState {
  return {
    ...state,
    walkedAt: now,
    nextToken,
    pages: state.pages + 1,
    tasks: state.tasks + tasks.length,
    isDone: nextToken === undefined,
  };
}

/** One message for each task of the page. Resolves once all of them are durable. */
async function enqueue(dependencies: WalkDependencies, page: TaskPage): Promise<void> {
  const { requestedAt, respondedAt } = page;
  const origin: Origin = { source: 'backfill', api: 'v2', requestedAt, respondedAt };
  const messages: WireMessage[] = [];
  for (const task of page.tasks) {
    const bytes = Buffer.from(task, 'utf8');
    messages.push(
      directMessage(bytes, origin) ??
        (await viaInbox(bytes, origin, dependencies.bodies, dependencies.clock.now())),
    );
  }
  await dependencies.taskQueue.sendAll(messages);
}
