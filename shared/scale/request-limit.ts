import PQueue from 'p-queue';

/** Runs a request when its turn has come. */
export type RequestLimit = <Result>(request: () => Promise<Result>) => Promise<Result>;

export interface RequestLimits {
  /** Requests at once. */
  readonly inFlight: number;
  /** Requests begun in any second. */
  readonly perSecond: number;
}

/**
 * One limit for all calls that share it, each try counted. Scale publishes no numbers and answers 429
 * beyond them; the vendor's own scripts run 25 to 50 calls at once, so a few are safe.
 */
export function createRequestLimit({ inFlight, perSecond }: RequestLimits): RequestLimit {
  const queue = new PQueue({
    concurrency: inFlight,
    intervalCap: perSecond,
    interval: 1_000,
    strict: true,
  });
  return (request) => queue.add(request);
}
