import PQueue from 'p-queue';

import type { Slice } from '../coverage/slice.ts';
import type { Clock } from '../platform/clock.ts';
import type { TaskPage } from '../scale/tasks.ts';
import { cutSlice } from './cut-slice.ts';
import { EndlessListError } from './endless-list.ts';
import { createPageReader, type PageReaderDependencies } from './read-page.ts';
import type { Track } from './track.ts';
import { hasTime, openSlice, type Walk } from './walk.ts';
import { type SliceEnd, walkSlice } from './walk-slice.ts';

export interface WalkTracksDependencies extends Omit<PageReaderDependencies, 'size'> {
  /** Takes in a page; what it resolves for is durable. */
  readonly visit: (walk: Walk, page: TaskPage) => Promise<void>;
  /** Takes note of a walk that failed; what it throws ends all of them. */
  readonly report: (walk: Walk, error: unknown) => void;
  /** Slices walked at once. */
  readonly walkers: number;
  readonly clock: Clock;
  /** Told after each slice how many are known to be left. */
  readonly onSlice?: (left: number) => void;
}

/**
 * Walks all slices of all tracks side by side, the one whose last page was read longest ago first: however
 * long one of them takes, or however slowly it fails, each has its turn before that one goes on. While a
 * walker has nothing to do, slices are cut for it. Resolves with whether all came to their end.
 */
export async function walkTracks(
  dependencies: WalkTracksDependencies,
  tracks: readonly Track[],
): Promise<'finished' | 'unfinished'> {
  const { walkers, report, onSlice } = dependencies;
  const queue = new PQueue({ concurrency: walkers });
  const state = { isStopped: false };
  const fatal: unknown[] = [];
  const endless = new Set<Track>();

  const add = (track: Track, slice: Slice): void => {
    // Errors are caught within.
    void queue.add(() => walkOne(track, slice));
  };
  const walkOne = async (track: Track, slice: Slice): Promise<void> => {
    try {
      const end = await walkOf(
        dependencies,
        track,
        slice,
        () => queue.size < walkers && !endless.has(track),
      );
      if (end.kind === 'stopped') {
        state.isStopped = true;
        queue.clear();
      }
      if (end.kind === 'cut' && !state.isStopped) {
        for (const span of end.parts) add(track, openSlice(track.walk, span, slice.openedAt));
      }
      onSlice?.(queue.size + queue.pending - 1);
    } catch (error) {
      // Its parts would have no end either, and each is read until that shows.
      if (error instanceof EndlessListError) endless.add(track);
      try {
        report(track.walk, error);
      } catch (worst) {
        fatal.push(worst);
        queue.clear();
      }
    }
  };

  for (const [track, slice] of inTurn(tracks)) add(track, slice);
  await queue.onIdle();
  if (fatal.length > 0) throw fatal[0];
  return state.isStopped ? 'unfinished' : 'finished';
}

function walkOf(
  dependencies: WalkTracksDependencies,
  track: Track,
  slice: Slice,
  isHelpWaiting: () => boolean,
): Promise<SliceEnd> {
  const { walk, size } = track;
  const { visit, walkers, clock } = dependencies;
  const mayCut = walkers > 1 && hasTime(walk.status);
  return walkSlice(
    {
      clock,
      read: createPageReader({ ...dependencies, size }, walk),
      visit: (page) => visit(walk, page),
      cutUp: (one, page) => (mayCut && isHelpWaiting() ? cutSlice(one, page, walkers) : [one.span]),
    },
    track,
    slice,
  );
}

function inTurn(tracks: readonly Track[]): (readonly [Track, Slice])[] {
  return tracks
    .flatMap((track) =>
      track.slices.map((slice) => [track, slice, lastTurn(track, slice)] as const),
    )
    .sort(([, , a], [, , b]) => a - b)
    .map(([track, slice]) => [track, slice]);
}

/** When a slice had its last turn: that of its walk, where it has not begun. */
function lastTurn(track: Track, slice: Slice): number {
  if (slice.pages > 0) return slice.walkedAt;
  const { triedAt, covered } = track.coverage();
  return Math.max(triedAt ?? 0, covered.at(-1)?.lastWalkedAt ?? 0);
}
