/** A limit of so many a second, of which unused ones are kept up to a burst. Times are in seconds and never go back. */
export interface TokenBucket {
  has(count: number, at: number): boolean;
  /** Only after `has`. */
  take(count: number): void;
  setRate(perSecond: number): void;
}

export function createTokenBucket(perSecond: number, burst: number): TokenBucket {
  let [rate, most, tokens, filledAt] = [perSecond, burst, burst, 0];
  return {
    has: (count, at) => {
      tokens = Math.min(most, tokens + (at - filledAt) * rate);
      filledAt = at;
      return tokens >= count;
    },
    take: (count) => {
      tokens -= count;
    },
    setRate: (next) => {
      [most, rate] = [(most * next) / rate, next];
    },
  };
}

/** Takes from all, or from none. */
export function takeAll(
  buckets: readonly (readonly [bucket: TokenBucket, count: number])[],
  at: number,
): boolean {
  if (!buckets.every(([bucket, count]) => bucket.has(count, at))) return false;
  for (const [bucket, count] of buckets) bucket.take(count);
  return true;
}
