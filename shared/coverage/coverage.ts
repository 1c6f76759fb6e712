import { type Span, startOf, toSpan, without } from './span.ts';

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
  /** When a walk last failed, or was refused, on our clock. */
  readonly triedAt?: number | undefined;
  /** Tasks that a page is asked for; absent for the usual number. */
  readonly limit?: number | undefined;
  /** Set where Scale does not take this status for a filter, so that nothing can be walked. */
  readonly isRefused?: boolean | undefined;
}

/** Adds a span that was walked to its end, merged with those that it touches. */
export function cover(covered: readonly Covered[], added: Covered): Covered[] {
  const touches = (one: Span): boolean =>
    startOf(one) <= added.until && startOf(added) <= one.until;
  const merged = covered.filter(touches).reduce<Covered>(
    (one, other) => ({
      ...toSpan(Math.min(startOf(one), startOf(other)), Math.max(one.until, other.until)),
      walkedAt: Math.min(one.walkedAt, other.walkedAt),
      lastWalkedAt: Math.max(one.lastWalkedAt, other.lastWalkedAt),
    }),
    added,
  );
  return [...covered.filter((one) => !touches(one)), merged].sort(
    (a, b) => startOf(a) - startOf(b),
  );
}

export interface Present {
  /** Where all begins; absent: with time itself. */
  readonly from?: number | undefined;
  readonly now: number;
  readonly lookBackMs: number;
}

/**
 * What has to be read so that all until `now` is covered: what lies between covered spans, and from
 * `lookBackMs` before the newest edge on, since Scale may show a completion late. Spans that are being
 * walked already are left out.
 */
export function spansToWalk(
  covered: readonly Covered[],
  walking: readonly Span[],
  { from, now, lookBackMs }: Present,
): Span[] {
  const newest = covered.at(-1);
  const settled = covered.map((one) =>
    one === newest ? { ...one, until: one.until - lookBackMs } : one,
  );
  const known = settled.filter((one) => startOf(one) < one.until);
  return without({ from, until: now }, [...known, ...walking]).filter(
    (one) => startOf(one) < one.until,
  );
}
