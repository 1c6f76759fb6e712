import type { Slice } from '../coverage/slice.ts';
import { toIso } from '../platform/iso.ts';
import type { TaskFilters } from '../scale/tasks.ts';
import type { Source } from './sources.ts';
import type { WalkedStatus } from './statuses.ts';

/** One status of one source. */
export interface Walk {
  readonly source: Source;
  readonly status: WalkedStatus;
  /** What a page is asked to hold beside the usual; a change of it begins the walk again. */
  readonly opts: readonly string[];
}

/** Whether a status has a time that Scale can be asked by. */
export function hasTime(status: WalkedStatus): boolean {
  return status === 'completed';
}

/** Identifies what a walk asks for: a token of one walk is good for another only if all of it is the same. */
export function identityOf({ source, status, opts }: Walk): string {
  return JSON.stringify({ ...source.filter, status, ...(opts.length > 0 && { opts }) });
}

/**
 * Whether the bounds themselves are in is not documented, nor how finely they are told: a slice is asked for
 * with some more at each end, so that nothing falls between two.
 */
const EDGE_MS = 1_000;

/** What the pages of a slice are asked for with. */
export function filtersOf({ source, status }: Walk, { span }: Slice, limit: number): TaskFilters {
  const { from, until } = span;
  const bounds = hasTime(status) && {
    completed_after: from === undefined ? undefined : toIso(from - EDGE_MS),
    completed_before: toIso(until + EDGE_MS),
  };
  return { ...source.filter, status, ...bounds, limit };
}

/** A slice that nothing has been read of. */
export function openSlice(walk: Walk, span: Slice['span'], openedAt: number): Slice {
  const filters = identityOf(walk);
  return { status: walk.status, filters, span, openedAt, walkedAt: 0, pages: 0, tasks: 0 };
}

/** The same slice, from its beginning. */
export function restart(slice: Slice): Slice {
  return { ...slice, nextToken: undefined, pages: 0, tasks: 0 };
}
