import { type Coverage, cover, settle, spansToWalk } from '../coverage/coverage.ts';
import type { WalkBook } from '../coverage/mirror-state.ts';
import type { Slice } from '../coverage/slice.ts';
import { type Span, startOf } from '../coverage/span.ts';
import type { Clock } from '../platform/clock.ts';
import { createPageSize, type PageSize } from './page-size.ts';
import { UPDATED } from './statuses.ts';
import { hasTime, identityOf, openSlice, type Walk } from './walk.ts';

/** What is known and noted of one walk, its slices side by side. */
export interface Track {
  readonly walk: Walk;
  /** The present on Scale's clock, by which turns are taken, as walks are dated by it. */
  readonly now: () => number;
  /** Of all slices: large tasks stand together. */
  readonly size: PageSize;
  readonly coverage: () => Coverage;
  /** The slices to walk: those begun before, and what else is missing. */
  readonly slices: readonly Slice[];
  /** Notes how far a slice has come. */
  readonly put: (slice: Slice) => Promise<void>;
  /** Notes that a slice is walked to its end. */
  readonly close: (slice: Slice) => Promise<void>;
  /** Forgets how far a slice has come: it is missing, and is cut anew by the next run. */
  readonly drop: (slice: Slice) => Promise<void>;
  /** Notes that a slice failed or waits: the others have their turn first. */
  readonly postpone: (slice: Slice) => Promise<void>;
  /** Notes that Scale takes no such status. */
  readonly refuse: () => Promise<void>;
}

export interface TrackSettings {
  readonly walkBook: WalkBook;
  readonly clock: Clock;
  /** The present, on Scale's clock. */
  readonly now: number;
  readonly lookBackMs: number;
}

/** Takes up a walk where it was left. What was asked otherwise before is forgotten. */
export async function takeUp(
  { walkBook, clock, now, lookBackMs }: TrackSettings,
  walk: Walk,
  held: readonly Slice[],
): Promise<Track> {
  const { source, status } = walk;
  const filters = identityOf(walk);
  const known = await walkBook.getCoverage(source.id, status);
  let coverage: Coverage = known?.filters === filters ? known : { filters, covered: [] };
  const mine = held.filter((slice) => slice.status === status);
  const [begun, obsolete] = partition(mine, (slice) => slice.filters === filters);
  for (const slice of obsolete) await walkBook.removeSlice(source.id, slice);

  const openedAt = clock.now();
  const present = () => now + clock.now() - openedAt;
  const size = createPageSize(coverage.limit);
  let last: Promise<unknown> = Promise.resolve();
  /** One write after the other: an older one must not come last. */
  const note = (change: (before: Coverage) => Coverage): Promise<void> => {
    coverage = { ...change(coverage), limit: size.limitToKeep() };
    const put = () => walkBook.putCoverage(source.id, status, coverage);
    const written = last.then(put, put);
    last = written;
    return written;
  };
  return {
    walk,
    now: present,
    size,
    coverage: () => coverage,
    slices: [...begun, ...missing(walk, coverage, begun, { now, lookBackMs })],
    put: (slice) => walkBook.putSlice(source.id, slice),
    close: (slice) => note((before) => closed(before, walk, slice, lookBackMs)),
    drop: async (slice) => {
      if (slice.pages > 0) await walkBook.removeSlice(source.id, slice);
    },
    postpone: async (slice) => {
      const at = present();
      if (slice.nextToken !== undefined) {
        await walkBook.putSlice(source.id, { ...slice, walkedAt: at });
      }
      await note((before) => ({ ...before, triedAt: at }));
    },
    refuse: () => note((before) => ({ ...before, isRefused: true, triedAt: present() })),
  };
}

function closed(
  { filters, covered, settled = [] }: Coverage,
  walk: Walk,
  { span, openedAt }: Slice,
  lookBackMs: number,
): Coverage {
  const added = { ...span, walkedAt: openedAt, lastWalkedAt: openedAt };
  if (!hasTime(walk.status)) return { filters, covered: [added] };
  return {
    filters,
    covered: cover(covered, added),
    settled: settle(settled, span, { openedAt, lookBackMs }),
  };
}

interface Present {
  readonly now: number;
  readonly lookBackMs: number;
}

function missing(
  walk: Walk,
  coverage: Coverage,
  begun: readonly Slice[],
  present: Present,
): Slice[] {
  const walking = begun.map(({ span }) => span);
  const { now } = present;
  const wanted = hasTime(walk.status)
    ? spansToWalk(
        coverage.settled ?? [],
        walking,
        now,
        beginningOf(walk, [...coverage.covered, ...walking], present),
      )
    : [{ until: now }].slice(begun.length);
  return wanted.map((span) => openSlice(walk, span, now));
}

/** Where a walk begins: what was changed before the mirror was there is in the lists of v2. */
function beginningOf(
  { status }: Walk,
  known: readonly Span[],
  { now, lookBackMs }: Present,
): number | undefined {
  if (status !== UPDATED) return undefined;
  return Math.min(now - lookBackMs, ...known.map(startOf));
}

function partition<T>(all: readonly T[], isFirst: (one: T) => boolean): [T[], T[]] {
  return [all.filter(isFirst), all.filter((one) => !isFirst(one))];
}
