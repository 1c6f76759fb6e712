import type { Clock, Sleep } from '../shared/platform/clock.ts';
import type { Environment } from '../shared/platform/env.ts';
import type { Output } from './output.ts';
import type { OpenTarget } from './target.ts';

/** All that the command line takes from outside. */
export interface Context extends Output {
  readonly version: string;
  readonly env: Environment;
  readonly openTarget: OpenTarget;
  /** Asks the person at the terminal yes or no; absent where there is none. */
  readonly ask: ((question: string) => Promise<boolean>) | undefined;
  /** A key that is typed without being shown, or comes by stdin; empty where there is none. */
  readonly readKey: (question: string) => Promise<string>;
  readonly clock: Clock;
  /** Ends early once the command was told to stop. */
  readonly sleep: Sleep;
  /** From now on Ctrl-C ends no process, but aborts this, so that the command can say what it has done. */
  readonly takeInterruption: () => AbortSignal;
  /** How wide the terminal is that stdout writes to; absent where that is a pipe or a file. */
  readonly columns?: number | undefined;
}
