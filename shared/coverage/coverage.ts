import { joined, type Span, startOf, touch, toSpan, without } from './span.ts';

/** A span that walks have read completely. */
export interface Covered extends Span {
  /** When the oldest walk in it began: it is proven as of then. */
  readonly walkedAt: number;
  /** When the newest walk in it began. */
  readonly lastWalkedAt: number;
}

/**
 * What is proven about one status of one source. Completed tasks have spans of completion times; other
 * statuses have no time to ask by, so their one span reaches to when the last whole walk began.
 */
export interface Coverage {
  /** Identifies what was asked; where that has changed since, nothing is proven. */
  readonly filters: string;
  /** In order, and apart from each other. */
  readonly covered: readonly Covered[];
  /**
   * What needs no further look: parts of what is covered, walked so long after their end that what Scale
   * shows late was there. Absent for nothing.
   */
  readonly settled?: readonly Span[] | undefined;
  /** When a walk last failed, or was refused, on Scale's clock. */
  readonly triedAt?: number | undefined;
  /** Tasks that a page is asked for; absent for the usual number. */
  readonly limit?: number | undefined;
  /** Set where Scale does not take this status for a filter, so that nothing can be walked. */
  readonly isRefused?: boolean | undefined;
  /** From when on it is of no use to anybody, on our clock; absent for good ones. */
  readonly expiresAt?: number | undefined;
}

/** Adds a span that was walked to its end, merged with those that it touches. */
export function cover(covered: readonly Covered[], added: Covered): Covered[] {
  const merged = covered
    .filter((one) => touch(one, added))
    .reduce<Covered>(
      (one, other) => ({
        ...toSpan(Math.min(startOf(one), startOf(other)), Math.max(one.until, other.until)),
        walkedAt: Math.min(one.walkedAt, other.walkedAt),
        lastWalkedAt: Math.max(one.lastWalkedAt, other.lastWalkedAt),
      }),
      added,
    );
  return [...covered.filter((one) => !touch(one, added)), merged].sort(
    (a, b) => startOf(a) - startOf(b),
  );
}

/**
 * Adds what a walk of a span has settled. Scale may show a completion late, so the last `lookBackMs` before
 * the walk began are read again: before its beginning, however long it took and whatever has been covered
 * since, for a task that came into the list behind the walk's back is not on its pages.
 */
export function settle(
  settled: readonly Span[],
  span: Span,
  { openedAt, lookBackMs }: { readonly openedAt: number; readonly lookBackMs: number },
): readonly Span[] {
  const until = Math.min(span.until, openedAt - lookBackMs);
  return startOf(span) < until ? joined(settled, { ...span, until }) : settled;
}

/**
 * What has to be read so that all until `now`, or all since `from`, is settled, or as near to it as can be. Spans that are being
 * walked already are left out: what is unsettled of them is read again once they are walked.
 */
export function spansToWalk(
  settled: readonly Span[],
  walking: readonly Span[],
  now: number,
  from?: number,
): Span[] {
  return without({ from, until: now }, [...settled, ...walking]).filter(
    (one) => startOf(one) < one.until,
  );
}
