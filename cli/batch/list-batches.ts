import type { Batch, BatchesApi } from '../../shared/scale/batches.ts';

export interface BatchFilter {
  /** By name. */
  readonly project?: string | undefined;
  readonly status?: string | undefined;
  /** At most so many. */
  readonly most: number;
}

export interface ListedBatches {
  readonly batches: readonly Batch[];
  /** Whether Scale has more of them than were asked for. */
  readonly hasMore: boolean;
}

const PAGE = 100;

/** Empty pages in a row that still may be part of a list. */
const MOST_EMPTY_PAGES = 20;

/** Reads page after page, in Scale's order, until there are enough. A list that goes in a circle ends with its first token again. */
export async function listBatches(
  api: Pick<BatchesApi, 'listBatches'>,
  { project, status, most }: BatchFilter,
): Promise<ListedBatches> {
  const filters = { project_name: project, status, limit: Math.min(PAGE, most) };
  const found = new Map<string, Batch>();
  const tokens = new Set<string>();
  let nextToken: string | undefined;
  let emptyPages = 0;
  do {
    const page = await api.listBatches(filters, nextToken);
    for (const batch of page.batches) found.set(batch.id, batch);
    emptyPages = page.batches.length === 0 ? emptyPages + 1 : 0;
    nextToken = page.nextToken;
    if (nextToken !== undefined && tokens.has(nextToken)) break;
    if (nextToken !== undefined) tokens.add(nextToken);
  } while (nextToken !== undefined && found.size < most && emptyPages < MOST_EMPTY_PAGES);
  const all = [...found.values()];
  return { batches: all.slice(0, most), hasMore: all.length > most || nextToken !== undefined };
}
