/** How many requests may be under way, by how the last ones went. */
export interface Pace {
  readonly allowed: () => number;
  readonly wentWell: (tookMs: number) => void;
  /** Scale said 429 or 503, or was too slow to answer. */
  readonly wasRefused: () => void;
}

/** Answers that take so much longer than the quickest say that Scale is at its limit. */
const SLOW = 4;

/** Short answers vary more than that for no reason. */
const SLOW_MS = 1_000;

/** The quickest is forgotten by so much with each answer, so that it may grow with the data. */
const FORGET = 1.02;

/**
 * Half as many after a refusal, one less while answers are slow, one more after a while of calm: additive
 * increase, multiplicative decrease, as TCP does. What was under way already when that was decided says
 * nothing about it, and does not count.
 */
export function createPace(most: number): Pace {
  let allowed = most;
  let quickest = Number.POSITIVE_INFINITY;
  let calm = 0;
  let toIgnore = 0;
  const change = (to: number): void => {
    const before = allowed;
    allowed = Math.min(most, Math.max(1, to));
    calm = 0;
    if (allowed < before) toIgnore = before - 1;
  };
  const isOld = (): boolean => {
    if (toIgnore === 0) return false;
    toIgnore -= 1;
    return true;
  };
  return {
    allowed: () => allowed,
    wasRefused: () => {
      if (!isOld()) change(Math.floor(allowed / 2));
    },
    wentWell: (tookMs) => {
      quickest = Math.min(quickest * FORGET, tookMs);
      if (isOld()) return;
      if (tookMs > SLOW_MS && tookMs > quickest * SLOW) {
        change(allowed - 1);
        return;
      }
      calm += 1;
      if (allowed < most && calm >= 2 * allowed) change(allowed + 1);
    },
  };
}
