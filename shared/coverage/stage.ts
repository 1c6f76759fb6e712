import type { Coverage } from './coverage.ts';
import type { ReconcileReport } from './reports.ts';

/**
 * How far a source has come since it was configured:
 * - `callbacks`: what Scale announces is stored; nothing was read yet, for want of an API key or of a first run
 * - `backfill`: its history is being read for the first time
 * - `reconcile`: all of it was read once; nobody has compared it yet
 * - `mirrored`: it was compared with Scale to the end
 */
export type Stage = 'callbacks' | 'backfill' | 'reconcile' | 'mirrored';

export interface StageFacts {
  /** Of completed tasks. */
  readonly coverage: Coverage | undefined;
  /** Slices that have begun and not ended. */
  readonly slices: number;
  readonly report: ReconcileReport | undefined;
}

export function stageOf({ coverage, slices, report }: StageFacts): Stage {
  const covered = coverage?.covered ?? [];
  if (covered.length === 0 && slices === 0) return 'callbacks';
  const [first, ...others] = covered;
  // A hole means that what lies before it is still being walked, or a range was walked by hand.
  const isWhole = first !== undefined && first.from === undefined && others.length === 0;
  if (!isWhole) return 'backfill';
  return report?.isComplete === true ? 'mirrored' : 'reconcile';
}
