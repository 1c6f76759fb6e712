import { systemClock, systemSleep } from '../../shared/platform/clock.ts';
import type { ReadSecret } from '../../shared/platform/secret.ts';
import { ScaleUnavailableError } from '../../shared/scale/errors.ts';
import { createRequestLimit, type RequestLimit } from '../../shared/scale/request-limit.ts';
import { createScaleApi } from '../../shared/scale/scale-api.ts';
import { worldOf } from '../../shared/scale/world.ts';
import type { Scale } from './dependencies.ts';

/** A read that takes longer is given up; the message waits on the queue instead. */
const READ_TIMEOUT_MS = 20_000;

/** Time to leave when a read begins: its own, and some to put back on the queue what has to wait. */
const RESERVE_MS = READ_TIMEOUT_MS + 10_000;

/** Per worker, of which ten may run: a burst of doubts must not become a burst at Scale. */
const limit = createRequestLimit({ inFlight: 4, perSecond: 10 });

export interface ScaleByKeySettings {
  readonly readApiKey: ReadSecret;
  readonly baseUrl: string;
  readonly opts: readonly string[];
  /** How much time the invocation has left. */
  readonly remainingMs: () => number;
}

/**
 * A way to ask Scale, as long as there is a key. A read is tried once: a worker must not wait beside a
 * busy API while other records stand behind it, so the queue does the waiting.
 */
export function scaleByKey(settings: ScaleByKeySettings): () => Promise<Scale | undefined> {
  const { readApiKey, baseUrl, opts, remainingMs } = settings;
  return async () => {
    const key = await readApiKey();
    if (key === undefined) return undefined;
    const api = createScaleApi(
      {
        baseUrl,
        apiKey: () => Promise.resolve(key),
        fetch,
        limit: whileThereIsTime(remainingMs),
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

/**
 * Of ten records the last would have their turn after the function's timeout if each read hung. Then all
 * ten would come again, beside the copies of those that were put back already.
 */
function whileThereIsTime(remainingMs: () => number): RequestLimit {
  return (request) =>
    limit(async () => {
      if (remainingMs() >= RESERVE_MS) return request();
      const what = 'no time left in this invocation';
      throw new ScaleUnavailableError('a read', { trouble: 'busy', what });
    });
}
