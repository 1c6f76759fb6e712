import type { Shape } from '../shared/tasks/head.ts';
import type { Change } from './change.ts';
import type { Traits } from './world.ts';

/** One step of a history, `afterMs` after the one before it. */
export type Step =
  | {
      readonly kind: 'change';
      readonly afterMs: number;
      readonly change: Change;
      /** When copies of its callback arrive; none: it is lost. */
      readonly arrivesAfterMs: readonly number[];
    }
  | {
      readonly kind: 'page';
      readonly afterMs: number;
      readonly shape: Shape;
      readonly tookMs: number;
      /** How far behind the end of the answer the shown state lies. */
      readonly lagMs: number;
      /** How long the page waits before the worker sees it. */
      readonly queuedMs: number;
    }
  /** An earlier callback once more, with its original data. */
  | {
      readonly kind: 'resend';
      readonly afterMs: number;
      readonly which: number;
      readonly arrivesAfterMs: number;
    }
  /** A callback with a `task_id` and no `task`. */
  | { readonly kind: 'trigger'; readonly afterMs: number; readonly arrivesAfterMs: number };

/** One read of the worker's own. */
export interface OwnRead {
  readonly lagMs: number;
  readonly tookMs: number;
  /** `not found`: a 404 that is not true, once in a history. */
  readonly trouble:
    'none' | 'not found' | 'unavailable' | 'timed out' | 'key refused' | 'odd error';
}

/**
 * - `throws before`, `throws after`: a call of a port fails, before or after it took effect
 * - `dies before`, `dies after`: the worker is gone there, with all that it had in hand
 * - `answers lost`: a write of a head is made, and a retry within the SDK says that it was not
 */
export type Trouble =
  'throws before' | 'throws after' | 'dies before' | 'dies after' | 'answers lost';

/** Something goes wrong with the so-manieth call of a port. */
export interface Fault {
  readonly call: number;
  readonly trouble: Trouble;
}

/** A delivery that SQS repeats although it was worked off. */
export interface Repetition {
  readonly delivery: number;
  readonly afterMs: number;
}

/** All that is random about one run: what happens at Scale, and what on the way here. */
export interface History {
  readonly traits: Traits;
  readonly steps: readonly Step[];
  /** Used in turn. */
  readonly ownReads: readonly OwnRead[];
  readonly faults: readonly Fault[];
  readonly repetitions: readonly Repetition[];
  /**
   * With two workers, how long each call of a port takes, used in turn: that decides who goes on first.
   * Absent: one worker.
   */
  readonly callsTakeMs?: readonly number[] | undefined;
  /** The shape of the last walk. */
  readonly walk: Shape;
}
