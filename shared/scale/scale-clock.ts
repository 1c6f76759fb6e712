import type { Clock } from '../platform/clock.ts';

/** Scale's clock, as the `Date` header of its answers tells it. */
export interface ScaleClock {
  /** Takes note of an answer's `Date`, and of when the answer was there, on our clock. */
  note(date: string | null, respondedAt: number): void;
  /** The present there, at most some seconds late and never early; `undefined` before the first answer. */
  now(): number | undefined;
}

/**
 * `Date` counts whole seconds and was written before the answer was there, so the present is later than this
 * clock says, never earlier: a window that ends at it holds nothing that is still to come.
 */
export function createScaleClock(clock: Clock): ScaleClock {
  let offset: number | undefined;
  return {
    note: (date, respondedAt) => {
      const time = date === null ? Number.NaN : Date.parse(date);
      if (!Number.isNaN(time)) offset = time - respondedAt;
    },
    now: () => (offset === undefined ? undefined : clock.now() + offset),
  };
}
