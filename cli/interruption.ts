import { setTimeout as sleep } from 'node:timers/promises';

import type { Sleep } from '../shared/platform/clock.ts';

/** Ctrl-C, as a command may take it. */
export interface Interruption {
  /** What the signal does: ends the process, or, once and where a command has taken it, aborts. */
  readonly interrupt: () => void;
  /** From now on the first Ctrl-C is the command's own; the second still ends the process. */
  readonly take: () => AbortSignal;
  /** Waits, but not beyond an interruption. */
  readonly sleep: Sleep;
}

/** What a command gets to give back what it holds: a call or two. */
const LONGEST_GOODBYE_MS = 5_000;

export function createInterruption(end: () => void): Interruption {
  const controller = new AbortController();
  const { signal } = controller;
  let isTaken = false;
  return {
    interrupt: () => {
      if (!isTaken || signal.aborted) end();
      controller.abort();
      setTimeout(end, LONGEST_GOODBYE_MS).unref();
    },
    take: () => {
      isTaken = true;
      return signal;
    },
    sleep: async (ms) => {
      await sleep(ms, undefined, { signal }).catch(() => undefined);
    },
  };
}
