import { type Coverage, cover } from '../coverage/coverage.ts';
import type { Slice } from '../coverage/slice.ts';
import { type Span, startOf, without } from '../coverage/span.ts';
import { toIso } from '../platform/iso.ts';
import { takeUp, type Track, type TrackSettings } from './track.ts';
import { identityOf, openSlice, type Walk } from './walk.ts';

/** So long a wish can be gone on with. */
const KEPT_MS = 30 * 24 * 60 * 60_000;

/** A span that somebody has asked for, whether or not it is covered. */
export interface WantedRange {
  readonly span: Span;
  /** Tells one wish from another: what was walked for this one is not walked again for it. */
  readonly askedAt: string;
}

/**
 * Takes up a walk of a span that was asked for. What it walks counts as covered like any other walk's, and
 * nothing else of the schedule's position moves; a ledger of its own says what of the wish is fulfilled, so
 * that several runs can share it.
 */
export async function takeUpRange(
  settings: TrackSettings,
  walk: Walk,
  held: readonly Slice[],
  { span, askedAt }: WantedRange,
): Promise<Track> {
  const { walkBook, clock, now } = settings;
  const main = await takeUp(settings, walk, held);
  const filters = identityOf(walk);
  const key = rangeKey(walk, span, askedAt);
  const known = await walkBook.getCoverage(walk.source.id, key);
  let own: Coverage = known?.filters === filters ? known : { filters, covered: [] };
  const wanted = { ...span, until: Math.min(span.until, now) };
  const begun = main.slices.filter((slice) => slice.pages > 0 && overlap(slice.span, wanted));
  const rest =
    startOf(wanted) < wanted.until
      ? without(wanted, [...own.covered, ...begun.map((slice) => slice.span)])
      : [];
  return {
    ...main,
    slices: [...begun, ...rest.map((part) => openSlice(walk, part, now))],
    close: async (slice) => {
      await main.close(slice);
      const added = { ...slice.span, walkedAt: slice.openedAt, lastWalkedAt: slice.openedAt };
      const expiresAt = clock.now() + KEPT_MS;
      own = { filters, covered: cover(own.covered, added), expiresAt };
      await walkBook.putCoverage(walk.source.id, key, own);
    },
  };
}

function rangeKey({ status }: Walk, { from, until }: Span, askedAt: string): string {
  const bounds = [from === undefined ? '' : toIso(from), toIso(until)];
  return [status, ...bounds, `asked ${askedAt}`].join('#');
}

function overlap(a: Span, b: Span): boolean {
  return startOf(a) < b.until && startOf(b) < a.until;
}
