import type { WalkState } from '../../shared/coverage/mirror-state.ts';
import { toIso } from '../../shared/platform/iso.ts';
import type { TaskFilters, TaskPage } from '../../shared/scale/tasks.ts';
import type { PageSize } from './page-size.ts';
import type { Source } from './sources.ts';
import type { WalkedStatus } from './statuses.ts';

/** A window reaches back behind the end of the last one: Scale may show a completion late. */
const OVERLAP_MS = 60 * 60_000;

/** One status of one source, and how far it has come. */
export interface Walk {
  readonly source: Source;
  readonly status: WalkedStatus;
  readonly held: WalkState | undefined;
  /** What a page is asked to hold beside the usual; a change of it begins the walk again. */
  readonly opts: readonly string[];
}

/**
 * Goes on with an open window of the same filters, up to the present where it is still at its beginning;
 * else opens the next one behind the last that ended.
 */
export function resume({ source, status, held, opts }: Walk, now: number): WalkState {
  // A token of one walk is good for another only if all of this is the same.
  const filters = JSON.stringify({ ...source.filter, status, ...(opts.length > 0 && { opts }) });
  const isSame = held?.filters === filters;
  if (held !== undefined && isSame && !held.isDone) {
    return held.nextToken === undefined ? { ...held, until: now } : held;
  }
  const from = isSame && status === 'completed' ? held.until - OVERLAP_MS : undefined;
  return { filters, from, until: now, walkedAt: now, pages: 0, tasks: 0, isDone: false };
}

/** The same window, from its beginning. */
export function restart(state: WalkState): WalkState {
  return { ...state, nextToken: undefined, pages: 0, tasks: 0 };
}

/** What the next page of a window is asked for with. */
export function filtersOf(
  { source, status }: Walk,
  { from, until }: WalkState,
  limit: number,
): TaskFilters {
  const window =
    status === 'completed'
      ? {
          completed_after: from === undefined ? undefined : toIso(from),
          completed_before: toIso(until),
        }
      : {};
  return { ...source.filter, status, ...window, limit };
}

/** How far a walk has come once every task of a page is durable. */
export function advance(
  state: WalkState,
  { count, nextToken }: TaskPage,
  { limitToKeep }: Pick<PageSize, 'limitToKeep'>,
  now: number,
): WalkState {
  return {
    ...state,
    walkedAt: now,
    nextToken,
    pages: state.pages + 1,
    tasks: state.tasks + count,
    limit: limitToKeep(),
    isDone: nextToken === undefined,
  };
}
