import type { Retries } from './scenario.ts';

/** What one client of the SDK may still retry (`StandardRetryStrategy` of `@smithy/core`). */
export interface RetryQuota {
  /** Seconds to wait before another try; `undefined` where there is none. `tries` were made. */
  readonly waitAfter: (tries: number, random: number) => number | undefined;
  /** A success gives back what its last retry has cost, or 1. */
  readonly succeeded: (tries: number) => void;
}

export function createRetryQuota(retries: Retries): RetryQuota {
  let { tokens } = retries;
  return {
    waitAfter: (tries, random) => {
      if (tries >= retries.attempts || tokens < retries.cost) return undefined;
      tokens -= retries.cost;
      return random * Math.min(retries.baseSeconds * 2 ** (tries - 1), retries.longestSeconds);
    },
    succeeded: (tries) => {
      tokens = Math.min(retries.tokens, tokens + (tries > 1 ? retries.cost : 1));
    },
  };
}
