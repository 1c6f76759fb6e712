/** The vendor's page says 1 < x < 100; other crawls of it allow 100. */
const USUAL = 99;

const SMALLEST = 2;

/** Pages that have to go well before a larger one is tried. */
const CALM_PAGES = 8;

/** How many tasks a page is asked for. */
export interface PageSize {
  limit(): number;
  canShrink(): boolean;
  /** A page failed or timed out, perhaps for its size. */
  shrink(): void;
  pageWentWell(): void;
  /** What the next run begins with; `undefined` for the usual number. */
  limitToKeep(): number | undefined;
}

/**
 * Halved when a page fails, doubled again after a while of calm: large tasks stand together, and an API
 * that had a bad minute must not leave the walk with two tasks a page.
 */
export function createPageSize(kept: number | undefined): PageSize {
  let limit = Math.min(USUAL, Math.max(SMALLEST, kept ?? USUAL));
  let calm = 0;
  return {
    limit: () => limit,
    canShrink: () => limit > SMALLEST,
    shrink: () => {
      limit = Math.max(SMALLEST, Math.floor(limit / 2));
      calm = 0;
    },
    pageWentWell: () => {
      calm += 1;
      if (limit === USUAL || calm < CALM_PAGES) return;
      limit = Math.min(USUAL, limit * 2);
      calm = 0;
    },
    limitToKeep: () => (limit === USUAL ? undefined : limit),
  };
}
