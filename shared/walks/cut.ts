import { type Span, toSpan } from '../coverage/span.ts';

/** Scale was founded in 2016: before that nothing was completed. */
const BEGINNING = Date.parse('2016-01-01T00:00:00.000Z');

/** Shorter spans are not worth it: each is asked for with a second more at both ends. */
const SHORTEST_MS = 10_000;

const MOST_PARTS = 32;

/** One tells nothing of a density. */
const FEWEST_TIMES = 2;

/** Pages that a part should have, where that can be told: nearly full ones, or the last would hold a few tasks. */
const FEWEST_PAGES = 3.75;
const MOST_PAGES = 63.75;

/**
 * Pages of the parts of a span without a beginning, from the page that was seen: small ones, which are walked last, then
 * some of twice their size, then each twice the one before, for how far back the history goes is not known.
 */
const PAGES_FROM_SEEN = [
  ...Array<number>(8).fill(FEWEST_PAGES),
  ...Array<number>(8).fill(7.75),
  ...Array.from({ length: 8 }, (_, index) => 15.75 * 2 ** index),
];

/** A page more than was estimated does not make a sample of the others. */
const LEEWAY = 0.7;

/** Parts are read from their beginnings, so what was read of a span is read again: it has to have so many times more. */
const WORTH_READING_AGAIN = 3;

/** Cut at its first page, although all walkers have work: later it would cost more. */
const LONG_PAGES = 32;

/** Where nothing tells how many pages there are, the more were read the rarer a span is cut. */
const CUT_BLINDLY_AFTER = [1, 8, 64, 512, 4_096];

export interface Seen {
  /** Completion times on a page of the span. */
  readonly times: readonly number[];
  /** Pages read of it so far; there are more. */
  readonly pages: number;
  readonly walkers: number;
  /** A walker has nothing to do. */
  readonly isNeeded: boolean;
}

/**
 * Cuts a span into parts of few pages each, by the completion times on one page of it: how a list is ordered
 * is not documented. A page whose times stand close together tells how dense that part of the span is; parts
 * of equal length follow, or, where the span has no beginning, parts that grow with their distance. A page
 * whose times are spread over the span is a sample of it, and parts have equally many of them. Answers one
 * part where cutting is not worth it. The parts touch, and together they are the span.
 */
export function cut(span: Span, seen: Seen): Span[] {
  const { times, walkers } = seen;
  const from = span.from ?? Math.min(BEGINNING, span.until);
  const inside = times.filter((time) => time >= from && time <= span.until).sort((a, b) => a - b);
  const low = quantile(inside, 0.1);
  const high = quantile(inside, 0.9);
  if (low === undefined || high === undefined) return [span];
  if (inside.length < FEWEST_TIMES || span.until - from < 2 * SHORTEST_MS) return [span];
  const length = span.until - from;
  const page = Math.max(1, (high - low) / 0.8);
  // So many pages of times that stand so far apart would not find room in the span, one behind the other, even
  // if some were denser.
  const isSample = page * Math.max(2, seen.pages * LEEWAY) > length;
  const isKnown = span.from !== undefined && !isSample;
  if (!isWorthIt(isKnown ? length / page : undefined, seen)) return [span];
  const points = isSample
    ? quantiles(inside, walkers)
    : densePoints(span, { page, low, high, walkers });
  return cutAt(span, from, points);
}

function isWorthIt(estimate: number | undefined, { pages, isNeeded }: Seen): boolean {
  if (estimate === undefined) return isNeeded && CUT_BLINDLY_AFTER.includes(pages);
  if (pages === 1) return isNeeded || estimate >= LONG_PAGES;
  return isNeeded && estimate >= pages * WORTH_READING_AGAIN;
}

interface Density {
  /** How long a page lasts around the one that was seen. */
  readonly page: number;
  readonly low: number;
  readonly high: number;
  readonly walkers: number;
}

function densePoints(span: Span, { page, low, high, walkers }: Density): number[] {
  const { from, until } = span;
  if (from !== undefined) {
    const pages = (until - from) / page;
    const wanted = Math.min(MOST_PAGES, Math.max(FEWEST_PAGES, pages / (4 * walkers)));
    // A few pages more than wanted are not worth the page that cutting costs.
    const parts = pages < 2 * wanted ? 1 : Math.min(MOST_PARTS, Math.ceil(pages / wanted));
    const step = (until - from) / parts;
    return Array.from({ length: parts - 1 }, (_, index) => from + (index + 1) * step);
  }
  return [...pointsFrom(low, -page, BEGINNING), ...pointsFrom(high, page, until)];
}

/** Points away from the first, as far apart as so many pages; what lies behind the last is one part. */
function pointsFrom(first: number, page: number, end: number): number[] {
  const points: number[] = [];
  let point = first;
  for (const pages of PAGES_FROM_SEEN) {
    point += page * pages;
    if (page < 0 ? point <= end : point >= end) break;
    points.push(point);
  }
  return points;
}

function quantiles(sorted: readonly number[], parts: number): number[] {
  return Array.from({ length: Math.max(0, parts - 1) }, (_, index) =>
    quantile(sorted, (index + 1) / parts),
  ).filter((point) => point !== undefined);
}

function quantile(sorted: readonly number[], share: number): number | undefined {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
}

function cutAt(span: Span, from: number, points: readonly number[]): Span[] {
  const kept: number[] = [];
  for (const point of points.map(Math.round).sort((a, b) => a - b)) {
    if (point - (kept.at(-1) ?? from) >= SHORTEST_MS && span.until - point >= SHORTEST_MS) {
      kept.push(point);
    }
  }
  const edges = [...kept, span.until];
  return edges.map((until, index) =>
    toSpan(index === 0 ? (span.from ?? Number.NEGATIVE_INFINITY) : (edges[index - 1] ?? 0), until),
  );
}
