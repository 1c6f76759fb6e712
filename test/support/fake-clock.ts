import type { Clock, Sleep } from '../../shared/platform/clock.ts';

/** A clock that a test turns; sleeping turns it too. */
export interface FakeClock extends Clock {
  advance(ms: number): void;
  readonly sleep: Sleep;
}

export const NOON = Date.parse('2026-11-21T12:00:00.000Z');

export function fakeClock(start = NOON): FakeClock {
  let now = start;
  return {
    now: () => now,
    advance: (ms) => {
      now += ms;
    },
    sleep: async (ms) => {
      now += ms;
    },
  };
}
