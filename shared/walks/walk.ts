import type { Slice } from '../coverage/slice.ts';
import { toIso } from '../platform/iso.ts';
import type { TaskFilters, V1TaskFilters } from '../scale/tasks.ts';
import type { Shape } from '../tasks/head.ts';
import type { Source } from './sources.ts';
import { UPDATED, type WalkedStatus } from './statuses.ts';

/** One status of one source. */
export interface Walk {
  readonly source: Source;
  readonly status: WalkedStatus | typeof UPDATED;
  /** The API that lists the tasks. */
  readonly api: Shape;
  /** What a page is asked to hold beside the usual; a change of it begins the walk again. */
  readonly opts: readonly string[];
}

/** Whether a status has a time that Scale can be asked by. */
export function hasTime(status: Walk['status']): boolean {
  return status === 'completed' || status === UPDATED;
}

/** Identifies what a walk asks for: a token of one walk is good for another only if all of it is the same. */
export function identityOf({ source, status, api, opts }: Walk): string {
  const asked = { ...source.filter, status, ...(api === 'v1' && { api }) };
  return JSON.stringify({ ...asked, ...(opts.length > 0 && { opts }) });
}

/**
 * Whether the bounds themselves are in is not documented, nor how finely they are told: a slice is asked for
 * with some more at each end, so that nothing falls between two.
 */
const EDGE_MS = 1_000;

/** What the pages of a slice are asked of v2 with. */
export function filtersOf({ source, status }: Walk, { span }: Slice, limit: number): TaskFilters {
  const { from, until } = span;
  const bounds = hasTime(status) && {
    completed_after: from === undefined ? undefined : toIso(from - EDGE_MS),
    completed_before: toIso(until + EDGE_MS),
  };
  return { ...source.filter, status, ...bounds, limit };
}

/** The same for v1, which knows projects and batches by their names alone. */
export function v1FiltersOf(
  { source, status }: Walk,
  { span }: Slice,
  limit: number,
): V1TaskFilters {
  const place = { [source.kind]: source.name, limit };
  const after = span.from === undefined ? undefined : toIso(span.from - EDGE_MS);
  // Without an upper bound: a task that is touched meanwhile would slip out of the window.
  if (status === UPDATED) return { ...place, updated_after: after };
  const bounds = hasTime(status) && {
    completed_after: after,
    completed_before: toIso(span.until + EDGE_MS),
  };
  return { ...place, status, ...bounds };
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
