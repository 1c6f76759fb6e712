import type { Clock } from '../shared/platform/clock.ts';

/** A clock that only a history turns, and only forward. */
export interface PlayClock extends Clock {
  /** Turns it to a time, unless that has passed. */
  reach(time: number): void;
}

export function playClock(start: number): PlayClock {
  let now = start;
  return {
    now: () => now,
    reach: (time) => {
      now = Math.max(now, time);
    },
  };
}
