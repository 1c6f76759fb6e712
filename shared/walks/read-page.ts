import type { Slice } from '../coverage/slice.ts';
import { errorName, type Log } from '../platform/log.ts';
import { ScaleRefusedError, ScaleUnavailableError } from '../scale/errors.ts';
import type { ScaleApi } from '../scale/scale-api.ts';
import type { TaskPage } from '../scale/tasks.ts';
import { EndlessListError } from './endless-list.ts';
import type { PageSize } from './page-size.ts';
import { mayBeRefused } from './statuses.ts';
import { filtersOf, restart, v1FiltersOf, type Walk } from './walk.ts';

export interface PageReaderDependencies {
  readonly api: Pick<ScaleApi, 'listTasks' | 'listV1Tasks'>;
  readonly log: Log;
  /** Asked before each page; false stops the walk, which the next run goes on with. */
  readonly mayGoOn: () => Promise<boolean>;
  readonly size: PageSize;
}

export interface FoundPage {
  readonly kind: 'page';
  readonly page: TaskPage;
  readonly slice: Slice;
  /** It has more pages than its tokens last for. */
  readonly isTooLong: boolean;
}

/** A page and the state of the slice that it follows; or that the run has to stop; or that Scale takes no such status. */
export type PageRead =
  FoundPage | { readonly kind: 'stopped' } | { readonly kind: 'status refused' };

export type ReadPage = (slice: Slice) => Promise<PageRead>;

/** Empty pages in a row that still may be part of a list: an API may look for rare tasks in steps. */
const MOST_EMPTY_PAGES = 100;

/** A slice that has to be read again is cut where it has so many. */
const LONG_PAGES = 4;

/**
 * Reads page after page of one slice. A page that fails or times out for its size is asked for again with
 * fewer tasks; a refused token begins the slice again, once a run, so that an API which refuses each of
 * its tokens fails the walk instead of going in circles.
 */
export function createPageReader(dependencies: PageReaderDependencies, walk: Walk): ReadPage {
  const { api, log, mayGoOn, size } = dependencies;
  const { status } = walk;
  const seen = new Set<string>();
  let mayRestart = true;
  let isTooLong = false;
  let emptyPages = 0;

  const list = async (slice: Slice): Promise<PageRead> => {
    const { nextToken } = slice;
    // Not before the token's turn: the page that came with it is queued first.
    if (nextToken !== undefined && seen.has(nextToken)) {
      throw new EndlessListError('the same next_token twice');
    }
    if (emptyPages === MOST_EMPTY_PAGES) {
      throw new EndlessListError(`${String(emptyPages)} empty pages in a row, each with a token`);
    }
    const limit = size.limit();
    const page =
      walk.api === 'v1'
        ? await api.listV1Tasks(v1FiltersOf(walk, slice, limit), nextToken, size.canShrink())
        : await api.listTasks(filtersOf(walk, slice, limit), nextToken, size.canShrink());
    size.pageWentWell();
    emptyPages = page.count === 0 ? emptyPages + 1 : 0;
    if (nextToken !== undefined) seen.add(nextToken);
    return { kind: 'page', page, slice, isTooLong };
  };

  /** What to try next after a page that failed; throws where nothing is left to try. */
  const mend = (error: unknown, slice: Slice): Slice | 'status refused' => {
    if (error instanceof ScaleUnavailableError && error.mayBeTooLarge && size.canShrink()) {
      size.shrink();
      log.warn('page failed, asked again with fewer tasks', {
        status,
        limit: size.limit(),
        error: errorName(error),
      });
      return slice;
    }
    if (!(error instanceof ScaleRefusedError) || error.isUnauthorized) throw error;
    if (slice.nextToken === undefined) {
      if (mayBeRefused(status, error.status)) return 'status refused';
      throw error;
    }
    if (!mayRestart) throw error;
    mayRestart = false;
    isTooLong = slice.pages >= LONG_PAGES;
    seen.clear();
    emptyPages = 0;
    log.warn('token refused, the slice is walked again from its beginning', { status });
    return restart(slice);
  };

  return async (from) => {
    let slice = from;
    for (;;) {
      if (!(await mayGoOn())) return { kind: 'stopped' };
      try {
        return await list(slice);
      } catch (error) {
        const next = mend(error, slice);
        if (next === 'status refused') return { kind: next };
        slice = next;
      }
    }
  };
}
