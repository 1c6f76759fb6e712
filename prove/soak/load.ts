import { setTimeout as sleep } from 'node:timers/promises';

import { callbackOf } from './callback.ts';
import type { Poster } from './poster.ts';
import type { RunningTally } from './tally.ts';

/** Who posts, and where it is noted what came of it. */
export interface Load {
  readonly poster: Poster;
  readonly tally: RunningTally;
  /** Posts under way at once. */
  readonly lanes: number;
  readonly signal: AbortSignal;
}

export interface Rate {
  readonly perSecond: number;
  readonly seconds: number;
  /** The number of the first task. */
  readonly first: number;
  readonly onAccepted: (number: number) => void;
}

/** A post that could not begin for so long is left out: its sender would have given up. */
const PATIENCE_MS = 10_000;

/**
 * Open loop: each post is due at a fixed time, however slow the answers are, and its latency counts from then. What is
 * refused is counted and not posted again: Scale's retries go on for a day, which no run lasts. Answers the number after the last.
 */
export async function postAtRate(load: Load, rate: Rate): Promise<number> {
  const { perSecond, seconds, first, onAccepted } = rate;
  const { poster, tally, lanes, signal } = load;
  const startedAt = performance.now();
  const total = Math.round(perSecond * seconds);
  let next = 0;
  const lane = async (): Promise<void> => {
    while (next < total && !signal.aborted) {
      const index = next++;
      const dueAt = startedAt + (index / perSecond) * 1_000;
      const aheadMs = dueAt - performance.now();
      if (aheadMs > 0) await sleep(aheadMs, undefined, { signal }).catch(() => undefined);
      if (-aheadMs > PATIENCE_MS) {
        tally.missed();
        continue;
      }
      const status = await poster.post(callbackOf('soak', first + index).body);
      tally.answered(status, performance.now() - dueAt);
      if (status >= 200 && status < 300) onAccepted(first + index);
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  return first + total;
}

/** Ids of what is posted with wrong keys; they come again, so that looking for all of them stays cheap. */
export const WRONG_IDS = 1_000;

/** Closed loop: each lane posts as fast as it is answered, until told to end. */
export async function postAtFullSpeed({ poster, tally, lanes, signal }: Load): Promise<void> {
  let next = 0;
  const lane = async (): Promise<void> => {
    while (!signal.aborted) {
      const startedAt = performance.now();
      const status = await poster.post(callbackOf('wrong', next++ % WRONG_IDS).body);
      tally.answered(status, performance.now() - startedAt);
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
}
