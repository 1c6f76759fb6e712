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

export function toSpan(from: number, until: number): Span {
  return Number.isFinite(from) ? { from, until } : { until };
}
