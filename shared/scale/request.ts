import pRetry from 'p-retry';
import * as v from 'valibot';

import type { Clock, Sleep } from '../platform/clock.ts';
import { ScaleRefusedError, ScaleUnavailableError } from './errors.ts';

export interface RequestSettings {
  /** Where Scale's API is, without `/v1` and `/v2`. */
  readonly baseUrl: string;
  readonly apiKey: () => Promise<string>;
  readonly fetch: typeof fetch;
  readonly clock: Clock;
  readonly sleep: Sleep;
  /** One try, from the request to the last byte of the answer. */
  readonly timeoutMs: number;
  /** Tries after the first. */
  readonly retries: number;
  /** The first wait, doubled and spread at random for each further one. */
  readonly firstRetryMs: number;
  /** Asked before each further try; false ends the call there. */
  readonly mayRetry: () => boolean;
}

/** A whole answer, and when it was asked for and ended, on our clock. */
export interface Answer {
  readonly text: string;
  readonly requestedAt: number;
  readonly respondedAt: number;
}

/** What the vendor's own client asks again for: busy, timed out, or any trouble on their side. */
function isWorthRetrying(status: number): boolean {
  return status === 408 || status === 429 || status >= 500;
}

/** Longer than this no wait is honoured inside one call: the caller is told, and comes again later. */
const LONGEST_RETRY_AFTER_MS = 60_000;

/**
 * One GET of Scale's API, with a Bearer key. An answer of 404 is `undefined`; any other refusal is a
 * {@link ScaleRefusedError}. 408, 429, 5xx, timeouts and broken answers are tried again with growing
 * waits and jitter, no sooner than `Retry-After` says, and end in a {@link ScaleUnavailableError}.
 */
export async function get(
  settings: RequestSettings,
  path: string,
  isWhole: (text: string) => boolean,
): Promise<Answer | undefined> {
  return pRetry(() => tryOnce(settings, path, isWhole), {
    retries: settings.retries,
    minTimeout: settings.firstRetryMs,
    factor: 2,
    randomize: true,
    shouldRetry: ({ error }) =>
      error instanceof ScaleUnavailableError && isPatient(error) && settings.mayRetry(),
    onFailedAttempt: async ({ error, retriesLeft }) => {
      if (!(error instanceof ScaleUnavailableError) || !isPatient(error)) return;
      if (retriesLeft === 0 || !settings.mayRetry()) return;
      if (error.retryAfterMs !== undefined) await settings.sleep(error.retryAfterMs);
    },
  });
}

function isPatient({ retryAfterMs }: ScaleUnavailableError): boolean {
  return retryAfterMs === undefined || retryAfterMs <= LONGEST_RETRY_AFTER_MS;
}

async function tryOnce(
  settings: RequestSettings,
  path: string,
  isWhole: (text: string) => boolean,
): Promise<Answer | undefined> {
  const { baseUrl, clock } = settings;
  const key = await settings.apiKey();
  const requestedAt = clock.now();
  let response: Response;
  let text: string;
  try {
    response = await settings.fetch(baseUrl + path, {
      headers: { authorization: `Bearer ${key}`, accept: 'application/json' },
      signal: AbortSignal.timeout(settings.timeoutMs),
    });
    text = await response.text();
  } catch (cause) {
    throw new ScaleUnavailableError(withoutQuery(path), describe(cause), undefined, cause);
  }
  const respondedAt = clock.now();
  if (response.status === 404) return undefined;
  if (isWorthRetrying(response.status)) {
    const wait = retryAfter(response.headers.get('retry-after'), respondedAt);
    throw new ScaleUnavailableError(withoutQuery(path), `status ${String(response.status)}`, wait);
  }
  if (!response.ok) throw new ScaleRefusedError(withoutQuery(path), response.status, reason(text));
  if (!isWhole(text))
    throw new ScaleUnavailableError(withoutQuery(path), 'the answer is not whole');
  return { text, requestedAt, respondedAt };
}

/** A query may name projects and batches; it does not belong into messages of errors. */
function withoutQuery(path: string): string {
  return path.split('?', 1)[0] ?? path;
}

function describe(cause: unknown): string {
  return cause instanceof Error && cause.name === 'TimeoutError'
    ? 'timed out'
    : 'connection failed';
}

/** `Retry-After` in seconds or as a date (RFC 9110, section 10.2.3), as a wait in milliseconds. */
export function retryAfter(header: string | null, now: number): number | undefined {
  if (header === null) return undefined;
  if (/^\d+$/.test(header.trim())) return Number(header) * 1_000;
  const date = Date.parse(header);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}

const errorBody = v.object({ error: v.string() });

function reason(text: string): string | undefined {
  try {
    const body = v.safeParse(errorBody, JSON.parse(text));
    return body.success ? body.output.error : undefined;
  } catch {
    return undefined;
  }
}
