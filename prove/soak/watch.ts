import { setTimeout as sleep } from 'node:timers/promises';

import type { EmbeddedStack } from '../../bench/embedded-stack.ts';
import { residentMb } from '../../bench/resident.ts';
import type { MemorySample } from './memory.ts';
import { acceptedOf, type RunningTally } from './tally.ts';

export interface Progress {
  readonly phase: string;
  readonly seconds: number;
  /** In this phase. */
  readonly accepted: number;
  readonly backlog: number;
  readonly megabytes: number;
}

const PROGRESS_MS = 10_000;

/** Samples of memory until it ends. */
export interface Watch {
  readonly samples: MemorySample[];
  readonly begin: (phase: string, tally: RunningTally) => void;
  readonly end: () => void;
}

/** Samples memory, and says how it goes. */
export function watchStack(
  stack: EmbeddedStack,
  backlogOf: () => Promise<number>,
  onProgress: (progress: Progress) => void,
): Watch {
  const startedAt = performance.now();
  const ending = new AbortController();
  const samples: MemorySample[] = [];
  let [phase, tally]: [string, RunningTally | undefined] = ['start', undefined];
  const watchUntilEnd = async (): Promise<void> => {
    for (;;) {
      await sleep(PROGRESS_MS, undefined, { signal: ending.signal });
      const seconds = (performance.now() - startedAt) / 1_000;
      const megabytes = await residentMb(stack.process);
      samples.push({ seconds, megabytes });
      const accepted = tally === undefined ? 0 : acceptedOf(tally.now());
      onProgress({ phase, seconds, accepted, megabytes, backlog: await backlogOf() });
    }
  };
  // It ends by its signal, or with the stack, which whoever posts notices.
  watchUntilEnd().catch(() => undefined);
  return {
    samples,
    begin: (name, running) => {
      [phase, tally] = [name, running];
    },
    end: () => {
      ending.abort();
    },
  };
}
