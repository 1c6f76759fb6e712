import { systemClock, systemSleep } from '../../shared/platform/clock.ts';
import type { ReadSecret } from '../../shared/platform/secret.ts';
import { createRequestLimit } from '../../shared/scale/request-limit.ts';
import { createScaleApi } from '../../shared/scale/scale-api.ts';
import { type Scale, worldOf } from './dependencies.ts';

/** A read that takes longer is given up; the message waits on the queue instead. */
const READ_TIMEOUT_MS = 20_000;

/** Per worker, of which ten may run: a burst of doubts must not become a burst at Scale. */
const limit = createRequestLimit({ inFlight: 4, perSecond: 10 });

/**
 * A way to ask Scale, as long as there is a key. A read is tried once: a worker must not wait beside a
 * busy API while other records stand behind it, so the queue does the waiting.
 */
export function scaleByKey(
  readApiKey: ReadSecret,
  baseUrl: string,
  opts: readonly string[],
): () => Promise<Scale | undefined> {
  return async () => {
    const key = await readApiKey();
    if (key === undefined) return undefined;
    const api = createScaleApi(
      {
        baseUrl,
        apiKey: () => Promise.resolve(key),
        fetch,
        limit,
        clock: systemClock,
        sleep: systemSleep,
        timeoutMs: READ_TIMEOUT_MS,
        retries: 0,
        firstRetryMs: 0,
        mayRetry: () => false,
      },
      { opts },
    );
    return { api, world: worldOf(key) };
  };
}
