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

/** Shows how many tasks a command is through. */
export interface TaskBar {
  /** `total` is about how many there are. */
  show(step: string, tasks: number, total: number): void;
  stop(): void;
}

/** All that the command line takes from outside. */
export interface Context extends Output {
  readonly version: string;
  readonly env: Environment;
  readonly openTarget: OpenTarget;
  /** Asks the person at the terminal yes or no; absent where there is none. */
  readonly ask: ((question: string) => Promise<boolean>) | undefined;
  /** A key that is typed without being shown, or comes by stdin; empty where there is none. */
  readonly readKey: (question: string) => Promise<string>;
  /** Shows how far a run is until it is stopped; absent where there is no terminal. */
  readonly showProgress: ((run: FollowedRun) => Promise<{ stop: () => void }>) | undefined;
  /** Shows a bar until it is stopped; absent where there is no terminal. */
  readonly showTasks?: (() => Promise<TaskBar>) | undefined;
  readonly clock: Clock;
  /** Ends early once the command was told to stop. */
  readonly sleep: Sleep;
  /** From now on Ctrl-C ends no process, but aborts this, so that the command can say what it has done. */
  readonly takeInterruption: () => AbortSignal;
  /** Aborted once nobody reads stdout any more, as after `| head`: a command that only shows may end. */
  readonly readerGone: AbortSignal;
  /** Resolves once all of stdout was handed to whoever reads it; false where nobody reads any more. */
  readonly flushed: () => Promise<boolean>;
  /** Writes to stdout what is no text, and waits until it was taken. Fails where nobody reads any more. */
  readonly writeBytes: (bytes: Uint8Array) => Promise<void>;
  /** How wide the terminal is that stdout writes to; absent where that is a pipe or a file. */
  readonly columns?: number | undefined;
}
