import type { Clock, Sleep } from '../shared/platform/clock.ts';

/** Waits until so many more may begin, or until it is interrupted. */
export type Turn = (count: number) => Promise<void>;

interface RateDependencies {
  readonly clock: Clock;
  readonly sleep: Sleep;
  readonly signal: AbortSignal;
}

/** So that an interruption is heard soon. */
const LONGEST_SLEEP_MS = 500;

/** Lets at most so many begin in a second, one group after the other. */
export function createRate({ clock, sleep, signal }: RateDependencies, perSecond: number): Turn {
  let nextAt = 0;
  return async (count) => {
    // Taken before the wait: another one that asks meanwhile comes after this.
    const at = Math.max(nextAt, clock.now());
    nextAt = at + (count / perSecond) * 1_000;
    while (at > clock.now() && !signal.aborted) {
      await sleep(Math.min(LONGEST_SLEEP_MS, at - clock.now()));
    }
  };
}
