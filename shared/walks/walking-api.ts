import { systemClock, systemSleep } from '../platform/clock.ts';
import { createRequestLimit } from '../scale/request-limit.ts';
import { createScaleApi, type ScaleApi } from '../scale/scale-api.ts';
import type { WalkConfig } from './walk-config.ts';

/** A page of 99 large tasks may take long; the vendor's own client waits 60 s. */
const PAGE_TIMEOUT_MS = 60_000;

/** Makes the client of a function that walks sources; all that one maker makes share one limit. */
export function walkingApi({
  scaleApiUrl,
  requests,
  opts,
}: Pick<WalkConfig, 'scaleApiUrl' | 'requests' | 'opts'>): (
  apiKey: string,
  mayRetry: () => boolean,
) => ScaleApi {
  const limit = createRequestLimit(requests);
  return (apiKey, mayRetry) =>
    createScaleApi(
      {
        baseUrl: scaleApiUrl,
        apiKey: () => Promise.resolve(apiKey),
        fetch,
        limit,
        clock: systemClock,
        sleep: systemSleep,
        timeoutMs: PAGE_TIMEOUT_MS,
        retries: 4,
        firstRetryMs: 1_000,
        mayRetry,
      },
      { opts },
    );
}
