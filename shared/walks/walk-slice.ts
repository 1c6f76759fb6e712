import type { Slice } from '../coverage/slice.ts';
import type { Span } from '../coverage/span.ts';
import type { TaskPage } from '../scale/tasks.ts';
import { createCircleWatch, EndlessListError } from './endless-list.ts';
import type { FoundPage, PageRead, ReadPage } from './read-page.ts';
import type { Track } from './track.ts';
import { restart } from './walk.ts';

export interface WalkSliceDependencies {
  readonly read: ReadPage;
  /** Takes in a page; what it resolves for is durable. */
  readonly visit: (page: TaskPage) => Promise<void>;
  /** What is left of the slice to be walked side by side, by what a page has shown; one part: go on. */
  readonly cutUp: (slice: Slice, found: FoundPage) => readonly Span[];
}

/** `stopped`: the next run goes on. `cut`: its parts are to be walked in its place. */
export type SliceEnd =
  | { readonly kind: 'walked' | 'stopped' | 'status refused' }
  | { readonly kind: 'cut'; readonly parts: readonly Span[] };

/**
 * Walks one slice, from where the last run stopped, to its end. The next page is on its way while the last
 * is being taken in; the resume point moves only once every task of a page is durable.
 */
export async function walkSlice(
  { read, visit, cutUp }: WalkSliceDependencies,
  track: Track,
  slice: Slice,
): Promise<SliceEnd> {
  const watch = createCircleWatch();
  let durable = slice;
  try {
    let reading = read(durable);
    for (;;) {
      const found: PageRead = await reading;
      if (found.kind !== 'page') return await ended(found.kind, track, durable);
      const next = advance(found.slice, found.page, track.now());
      if (next.nextToken === undefined) {
        await visit(found.page);
        await track.close(next);
        // Only now: after a crash between the two the last pages are read again, and nothing is lost.
        await track.drop(durable);
        return { kind: 'walked' };
      }
      const parts = cutUp(next, found);
      if (parts.length > 1) {
        // Not taken in: its tasks come again with the parts, from their beginnings.
        await track.drop(durable);
        return { kind: 'cut', parts };
      }
      reading = readAhead(read, next);
      await visit(found.page);
      watch(found.page);
      await track.put(next);
      durable = next;
    }
  } catch (error) {
    // Where that fails too, the walk's own error says more; and a refused key has to end the run.
    await setBack(track, durable, error).catch(() => undefined);
    throw error;
  }
}

async function setBack(track: Track, durable: Slice, error: unknown): Promise<void> {
  // What lies behind such pages was not reached: it stays missing.
  const isEndless = error instanceof EndlessListError;
  if (isEndless) await track.drop(durable);
  // To the end of the line: a source that times out must not take the others' time at every run.
  await track.postpone(isEndless ? restart(durable) : durable);
}

async function ended(
  kind: Exclude<PageRead['kind'], 'page'>,
  track: Track,
  durable: Slice,
): Promise<SliceEnd> {
  if (kind === 'status refused') await track.refuse();
  // A page that took its time and failed for its size waits behind the others, and is asked for smaller.
  else if (track.size.limitToKeep() !== track.coverage().limit) await track.postpone(durable);
  return { kind };
}

/** Its failure is met when its turn comes; until then it is nobody's. */
function readAhead(read: ReadPage, slice: Slice): Promise<PageRead> {
  const reading = read(slice);
  reading.catch(() => undefined);
  return reading;
}

/** How far a slice has come once every task of a page is durable. */
function advance(slice: Slice, { count, nextToken }: TaskPage, now: number): Slice {
  return {
    ...slice,
    walkedAt: now,
    nextToken,
    pages: slice.pages + 1,
    tasks: slice.tasks + count,
  };
}
