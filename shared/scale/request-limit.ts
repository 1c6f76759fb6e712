import PQueue from 'p-queue';

import { type Clock, systemClock } from '../platform/clock.ts';
import { ScaleUnavailableError } from './errors.ts';
import { createPace } from './pace.ts';

/** Runs a request when its turn has come. */
export type RequestLimit = <Result>(request: () => Promise<Result>) => Promise<Result>;

export interface RequestLimits {
  /** Requests at once, while Scale is at ease. */
  readonly inFlight: number;
  /** Requests begun in any second. */
  readonly perSecond: number;
}

/**
 * One limit for all calls that share it, each try counted. Scale publishes no numbers and answers 429
 * beyond them; the vendor's own scripts run 25 to 50 calls at once, so a few are safe. Fewer are under way
 * while Scale refuses or is slow.
 */
export function createRequestLimit(
  { inFlight, perSecond }: RequestLimits,
  clock: Clock = systemClock,
): RequestLimit {
  const queue = new PQueue({
    concurrency: inFlight,
    intervalCap: perSecond,
    interval: 1_000,
    strict: true,
  });
  const pace = createPace(inFlight);
  return (request) =>
    queue.add(async () => {
      const startedAt = clock.now();
      try {
        const result = await request();
        pace.wentWell(clock.now() - startedAt);
        return result;
      } catch (error) {
        if (isOverload(error)) pace.wasRefused();
        throw error;
      } finally {
        queue.concurrency = pace.allowed();
      }
    });
}

/** By what Scale answered: an error of our own, as for want of time, says nothing of Scale. */
function isOverload(error: unknown): boolean {
  if (!(error instanceof ScaleUnavailableError)) return false;
  return error.trouble === 'timed out' || error.status === 429 || error.status === 503;
}
