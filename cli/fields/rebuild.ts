import PQueue from 'p-queue';

import type { PartState, RebuildBook, RebuildState } from '../../shared/fields/rebuild-book.ts';
import type { Clock } from '../../shared/platform/clock.ts';
import type { Head } from '../../shared/tasks/head.ts';
import type { HeadScan } from '../../shared/tasks/head-scan.ts';
import type { Turn } from '../rate.ts';
import { rebuildHead, type RebuildHeadDependencies } from './rebuild-head.ts';

export interface RebuildDependencies extends RebuildHeadDependencies {
  readonly headScan: HeadScan;
  readonly book: RebuildBook;
  readonly clock: Clock;
  /** Lets so many heads a second begin. */
  readonly turn: Turn;
  readonly tell: (line: string) => void;
  readonly signal: AbortSignal;
}

interface FailedHead {
  readonly taskId: string;
  readonly reason: string;
}

/** What a run has done; an earlier one that it goes on from is not in it. */
export interface Rebuilt {
  /** Records, documents among them. */
  looked: number;
  rebuilt: number;
  /** Found behind, and up to date when they were looked at. */
  current: number;
  /** Fields that were left out, of the heads that were rebuilt. */
  omitted: number;
  readonly failed: FailedHead[];
}

/** Parts of the table that are read side by side. */
const PARTS = 4;

/** Heads of one part at once. */
const HEADS_AT_ONCE = 8;

const TELL_EVERY_MS = 5_000;

/**
 * Brings the fields of all heads up to date. Goes on where a run by the same configuration was broken off; whatever was
 * done is done, since each head says by which configuration its fields are.
 */
export async function rebuild(dependencies: RebuildDependencies, anew: boolean): Promise<Rebuilt> {
  const { book, clock, lifter, tell } = dependencies;
  const stop = new AbortController();
  const signal = AbortSignal.any([dependencies.signal, stop.signal]);
  const begun = anew ? undefined : await resumable(book, lifter?.by);
  if (begun !== undefined) tell('goes on where the last run was broken off');
  const startedAt = begun?.startedAt ?? clock.now();
  const done: Rebuilt = { looked: 0, rebuilt: 0, current: 0, omitted: 0, failed: [] };
  const run: Run = {
    ...{ dependencies, signal, done },
    progress: await createProgress(dependencies, done),
  };
  const walk = async (parts: PartState[], segment: number): Promise<void> => {
    for (;;) {
      const part = parts[segment];
      if (part?.kind !== 'open' || signal.aborted) return;
      const after = await rebuildPage(run, { segment, of: parts.length, from: part.next });
      if (after === undefined) return;
      parts[segment] = after;
      await book.put({ by: lifter?.by, startedAt, updatedAt: clock.now(), parts });
    }
  };
  const walkAll = async (from: readonly PartState[]): Promise<void> => {
    const parts = [...from];
    const ended = await Promise.allSettled(
      parts.map((_, segment) =>
        walk(parts, segment).catch((error: unknown) => {
          stop.abort();
          throw error;
        }),
      ),
    );
    for (const end of ended) if (end.status === 'rejected') throw end.reason;
  };
  const whole = Array<PartState>(PARTS).fill({ kind: 'open' });
  if (begun !== undefined) {
    await walkAll(begun.parts);
    // While it was broken off the worker may have had other fields for some time: what was done may be behind again.
    if (!signal.aborted) done.failed.length = 0;
  }
  await walkAll(whole);
  return done;
}

interface Run {
  readonly dependencies: RebuildDependencies;
  /** Of an interruption, or of another part that has failed. */
  readonly signal: AbortSignal;
  readonly done: Rebuilt;
  readonly progress: () => void;
}

async function resumable(
  book: RebuildBook,
  by: string | undefined,
): Promise<RebuildState | undefined> {
  const state = await book.get();
  if (state === undefined || state.by !== by) return undefined;
  return state.parts.some(({ kind }) => kind === 'open') ? state : undefined;
}

interface Page {
  readonly segment: number;
  readonly of: number;
  readonly from: string | undefined;
}

/** `undefined` where it was interrupted before all heads of the page were done. */
async function rebuildPage(
  { dependencies, signal, done, progress }: Run,
  { from, ...part }: Page,
): Promise<PartState | undefined> {
  const { headScan, lifter, turn } = dependencies;
  const page = await headScan.behind(lifter?.by, part, from);
  done.looked += page.looked;
  for (const taskId of page.unreadable) {
    done.failed.push({ taskId, reason: 'its head cannot be read' });
  }
  const queue = new PQueue({ concurrency: HEADS_AT_ONCE });
  const failures: unknown[] = [];
  const one = async (head: Head): Promise<void> => {
    if (failures.length > 0 || signal.aborted) return;
    await turn(1);
    await rebuildOne(dependencies, head, done);
    progress();
  };
  for (const head of page.heads) {
    void queue.add(() => one(head)).catch((error: unknown) => failures.push(error));
  }
  await queue.onIdle();
  if (failures.length > 0) throw failures[0];
  progress();
  if (signal.aborted) return undefined;
  return page.next === undefined ? { kind: 'done' } : { kind: 'open', next: page.next };
}

async function rebuildOne(
  dependencies: RebuildDependencies,
  head: Head,
  done: Rebuilt,
): Promise<void> {
  try {
    const result = await rebuildHead(dependencies, head);
    done[result.outcome] += 1;
    if (result.outcome === 'rebuilt') done.omitted += result.omitted;
  } catch (error) {
    if (!isOfTheTask(error)) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    done.failed.push({ taskId: head.taskId, reason });
  }
}

/** What AWS refuses or cannot do, all further heads would meet too; but not what it has against one item. */
function isOfTheTask(error: unknown): boolean {
  if (!(error instanceof Error)) return true;
  return error.name === 'ValidationException' || !('$metadata' in error);
}

async function createProgress(
  { headScan, clock, tell }: RebuildDependencies,
  done: Rebuilt,
): Promise<() => void> {
  const total = await headScan.approximateRecords();
  const startedAt = clock.now();
  let toldAt = startedAt;
  return () => {
    const now = clock.now();
    if (now - toldAt < TELL_EVERY_MS) return;
    toldAt = now;
    const perSecond = Math.round((done.rebuilt * 1_000) / (now - startedAt));
    const about = total > 0 ? ` of about ${String(Math.max(total, done.looked))}` : '';
    tell(
      `looked at ${String(done.looked)}${about} records, ${String(done.rebuilt)} heads rebuilt, ${String(perSecond)} a second`,
    );
  };
}
