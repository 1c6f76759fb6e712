import { createIdSet, type IdSet } from '../../shared/tasks/id-set.ts';
import { createWalkMemo, type WalkMemo } from './walk-memo.ts';

/** What can be wrong with a task, by `ReconcileReport`. */
export type FindingKind = 'missing' | 'differing' | 'open' | 'gone';

/** Everything that is counted of a source while it is reconciled. */
type Counts = Record<FindingKind | 'overdue' | 'unreadable' | 'foreign', number>;

/** How far the reconcile of one source has come, and what it has found. */
export interface Progress {
  /** On our clock. */
  readonly startedAt: number;
  /** On Scale's: what was completed until then is walked first. */
  readonly scaleStartedAt: number;
  readonly book: WalkMemo;
  /** Tasks that Scale has shown. */
  readonly seen: IdSet;
  /** Tasks that something was found about. */
  readonly noted: IdSet;
  readonly counts: Counts;
  /** The first ids of each kind. */
  readonly ids: Record<FindingKind, string[]>;
}

/** More ids of a kind are counted and repaired, and not listed: a report has to fit into memory. */
const MOST_IDS = 100_000;

export function newProgress(startedAt: number, scaleStartedAt: number): Progress {
  return {
    startedAt,
    scaleStartedAt,
    book: createWalkMemo({ coverages: {}, slices: [] }),
    seen: createIdSet(),
    noted: createIdSet(),
    counts: { missing: 0, differing: 0, open: 0, gone: 0, overdue: 0, unreadable: 0, foreign: 0 },
    ids: { missing: [], differing: [], open: [], gone: [] },
  };
}

/** Notes what was found about a task. Once: pages overlap, and some are read again. False where it was noted. */
export function note({ noted, counts, ids }: Progress, kind: FindingKind, taskId: string): boolean {
  if (!noted.add(taskId)) return false;
  counts[kind] += 1;
  if (ids[kind].length < MOST_IDS) ids[kind].push(taskId);
  return true;
}
