import fc from 'fast-check';

import { type Span, startOf, toSpan } from '../../../shared/coverage/span.ts';

/** Moments of a short world, and those between them; a span may reach beyond both its ends. */
export const moments = Array.from({ length: 45 }, (_, index) => index / 2 - 1);

export const arbitrarySpan: fc.Arbitrary<Span> = fc
  .tuple(fc.oneof(fc.constant(Number.NEGATIVE_INFINITY), fc.nat(20)), fc.nat(20))
  .map(([from, length]) => toSpan(from, Math.max(from, 0) + length));

export function isIn(spans: readonly Span[], moment: number): boolean {
  return spans.some((span) => startOf(span) <= moment && moment <= span.until);
}

/** In one of them, and not at an end of it. */
export function isInside(spans: readonly Span[], moment: number): boolean {
  return spans.some((span) => startOf(span) < moment && moment < span.until);
}

/** Each with the next. */
export function pieces(spans: readonly Span[]): [Span, Span][] {
  return spans.flatMap((one, index) => {
    const next = spans[index + 1];
    return next === undefined ? [] : [[one, next] satisfies [Span, Span]];
  });
}
