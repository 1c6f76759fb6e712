/**
 * A span of time, both ends in it, in epoch milliseconds on Scale's clock. Without `from` it begins with time
 * itself.
 */
export interface Span {
  readonly from?: number | undefined;
  readonly until: number;
}

/** Where a span begins, for comparisons. */
export function startOf({ from }: Span): number {
  return from ?? Number.NEGATIVE_INFINITY;
}

/** The parts of a span that lie in none of the others, each with both its ends. */
export function without(span: Span, others: readonly Span[]): Span[] {
  const parts: Span[] = [];
  let from = startOf(span);
  for (const other of others.toSorted((a, b) => startOf(a) - startOf(b))) {
    if (other.until < from) continue;
    if (startOf(other) > from) parts.push(toSpan(from, Math.min(startOf(other), span.until)));
    from = Math.max(from, other.until);
    if (from >= span.until) return parts;
  }
  return [...parts, toSpan(from, span.until)];
}

/** A span put to others, as one with all those that it touches; in order, and apart from each other. */
export function joined(spans: readonly Span[], added: Span): Span[] {
  const touching = spans.filter((one) => touch(one, added));
  const from = Math.min(...[added, ...touching].map(startOf));
  const until = Math.max(...[added, ...touching].map((one) => one.until));
  return [...spans.filter((one) => !touch(one, added)), toSpan(from, until)].sort(
    (a, b) => startOf(a) - startOf(b),
  );
}

export function touch(one: Span, other: Span): boolean {
  return startOf(one) <= other.until && startOf(other) <= one.until;
}

export function toSpan(from: number, until: number): Span {
  return Number.isFinite(from) ? { from, until } : { until };
}
