import type { RunProgressBook } from '../shared/coverage/mirror-state.ts';
import type { Clock, Sleep } from '../shared/platform/clock.ts';
import type { Environment } from '../shared/platform/env.ts';
import type { Output } from './output.ts';
import type { OpenTarget } from './target.ts';

/** A run of backfill, as MirrorState tells of it. */
export interface FollowedRun {
  readonly book: Pick<RunProgressBook, 'getProgress'>;
  /** Since when runs are shown, epoch milliseconds. */
  readonly since: number;
}

/** All that the command line takes from outside. */
export interface Context extends Output {
  readonly version: string;
  readonly env: Environment;
  readonly openTarget: OpenTarget;
  /** Asks the person at the terminal yes or no; absent where there is none. */
  readonly ask: ((question: string) => Promise<boolean>) | undefined;
  /** Shows how far a run is until it is stopped; absent where there is no terminal. */
  readonly showProgress: ((run: FollowedRun) => Promise<{ stop: () => void }>) | undefined;
  /**
   * Does work that has something to give back. While it runs Ctrl-C aborts the signal, and a second one, or some
   * seconds, end the process.
   */
  readonly interruptible: <Result>(
    work: (signal: AbortSignal) => Promise<Result>,
  ) => Promise<Result>;
  readonly clock: Clock;
  readonly sleep: Sleep;
}
