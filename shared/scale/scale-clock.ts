import type { Clock } from '../platform/clock.ts';

/** Scale's clock, as the `Date` header of its answers tells it. */
export interface ScaleClock {
  /** Takes note of an answer's `Date`, and of when it was asked for and was there, on our clock. */
  note(date: string | null, requestedAt: number, respondedAt: number): void;
  /** The present there, at most some seconds late and never early; `undefined` before the first answer. */
  now(): number | undefined;
  /** How far the clocks are apart at least, in milliseconds; 0 where they may agree. The most of all answers. */
  apartMs(): number;
}

/** `Date` counts whole seconds. */
const DATE_MS = 1_000;

/**
 * `Date` counts whole seconds and was written before the answer was there, so the present is later than this
 * clock says, never earlier: a window that ends at it holds nothing that is still to come.
 */
export function createScaleClock(clock: Clock): ScaleClock {
  let offset: number | undefined;
  let apart = 0;
  return {
    note: (date, requestedAt, respondedAt) => {
      const time = date === null ? Number.NaN : Date.parse(date);
      if (Number.isNaN(time)) return;
      offset = time - respondedAt;
      // It was written between the two, so that a slow answer proves less, and never too much.
      apart = Math.max(apart, time - respondedAt, requestedAt - (time + DATE_MS));
    },
    now: () => (offset === undefined ? undefined : clock.now() + offset),
    apartMs: () => apart,
  };
}
