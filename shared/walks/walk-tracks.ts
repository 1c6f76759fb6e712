import PQueue from 'p-queue';

import type { Slice } from '../coverage/slice.ts';
import type { Span } from '../coverage/span.ts';
import type { TaskPage } from '../scale/tasks.ts';
import { cutSlice } from './cut-slice.ts';
import { EndlessListError } from './endless-list.ts';
import { createPageReader, type FoundPage, type PageReaderDependencies } from './read-page.ts';
import type { Track } from './track.ts';
import { openSlice, type Walk } from './walk.ts';
import { type SliceEnd, walkSlice } from './walk-slice.ts';

export interface WalkTracksDependencies extends Omit<PageReaderDependencies, 'size'> {
  /** Takes in a page; what it resolves for is durable. */
  readonly visit: (walk: Walk, page: TaskPage) => Promise<void>;
  /** Takes note of a walk that failed; what it throws ends all of them. */
  readonly report: (walk: Walk, error: unknown) => void;
  /** Slices walked at once. */
  readonly walkers: number;
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
  const endless = new Set<Track>();
  const ending = createEnding(queue);
  const mayGoOn = async () => !ending.isFatal() && (await dependencies.mayGoOn());

  const add = (track: Track, slice: Slice): void => {
    // Errors are caught within.
    void queue.add(() => walkOne(track, slice));
  };
  const cutUp = (track: Track, slice: Slice, { page, isTooLong }: FoundPage): readonly Span[] => {
    const isFirst = slice.pages === 1;
    // Cut at its first page a slice has cost least, so it is enough that there will be need soon.
    const isIdle = isFirst ? queue.size < walkers : queue.size === 0 && queue.pending < walkers;
    const isNeeded = isTooLong || (walkers > 1 && isIdle);
    // A second look at a page costs time, and most are not to be cut.
    const isToBeCut = isNeeded || (walkers > 1 && isFirst);
    // Parts of a list without an end would have none either, and each is read until that shows.
    // Where tokens do not last until the next run, parts that are walked do.
    const mayCut = track.walk.status === 'completed' && !endless.has(track);
    return mayCut && isToBeCut ? cutSlice(slice, page, { walkers, isNeeded }) : [slice.span];
  };
  const walkOne = async (track: Track, slice: Slice): Promise<void> => {
    try {
      const end = await walkOf({ ...dependencies, mayGoOn, cutUp }, track, slice);
      if (end.kind === 'stopped') ending.stop();
      if (end.kind === 'cut' && !ending.isStopped()) {
        for (const span of end.parts) add(track, openSlice(track.walk, span, slice.openedAt));
      }
      onSlice?.(queue.size + queue.pending - 1);
    } catch (error) {
      if (error instanceof EndlessListError) endless.add(track);
      ending.unlessFatal(() => {
        report(track.walk, error);
      });
    }
  };

  for (const [track, slice] of inTurn(tracks)) add(track, slice);
  await queue.onIdle();
  return ending.result();
}

/** How a run ends: at the end of all walks, for lack of time, or by an error that no walk can get round. */
function createEnding(queue: PQueue) {
  const fatal: unknown[] = [];
  let isStopped = false;
  const stop = (): void => {
    isStopped = true;
    queue.clear();
  };
  return {
    stop,
    isStopped: () => isStopped,
    isFatal: () => fatal.length > 0,
    unlessFatal: (report: () => void): void => {
      try {
        report();
      } catch (error) {
        fatal.push(error);
        stop();
      }
    },
    result: () => {
      if (fatal.length > 0) throw fatal[0];
      return isStopped ? 'unfinished' : 'finished';
    },
  };
}

interface WalkOfDependencies extends WalkTracksDependencies {
  readonly cutUp: (track: Track, slice: Slice, found: FoundPage) => readonly Span[];
}

function walkOf(dependencies: WalkOfDependencies, track: Track, slice: Slice): Promise<SliceEnd> {
  const { walk, size } = track;
  const { visit, cutUp } = dependencies;
  return walkSlice(
    {
      read: createPageReader({ ...dependencies, size }, walk),
      visit: (page) => visit(walk, page),
      cutUp: (one, found) => cutUp(track, one, found),
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
