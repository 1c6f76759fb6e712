import * as v from 'valibot';

import type { Clock } from '../platform/clock.ts';
import { type ErrorBody, ScaleRefusedError, ScaleUnavailableError } from './errors.ts';
import { readErrorBody, retryAfter } from './error-answer.ts';
import type { ScaleClock } from './scale-clock.ts';

export interface ExchangeSettings {
  /** Where Scale's API is, without `/v1` and `/v2`. */
  readonly baseUrl: string;
  readonly apiKey: () => Promise<string>;
  readonly fetch: typeof fetch;
  readonly clock: Clock;
  /** One try, from the request to the last byte of the answer. */
  readonly timeoutMs: number;
  /** Told what time it is there by every answer, good or bad. */
  readonly scaleClock?: ScaleClock | undefined;
}

export interface Call {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  /** Stands for the path in messages of errors, where the path names a project or batch. */
  readonly route?: string | undefined;
  /** Sent as JSON. */
  readonly body?: unknown;
}

/** A whole answer, and when it was asked for and ended, on our clock. */
export interface Answer {
  readonly text: string;
  readonly requestedAt: number;
  readonly respondedAt: number;
}

/**
 * One try of one call, with a Bearer key, read to the end of the answer. Anything but a status of 200 to
 * 299 is an error: {@link ScaleUnavailableError} for what may pass, else {@link ScaleRefusedError}.
 */
export async function exchange(settings: ExchangeSettings, call: Call): Promise<Answer> {
  const { baseUrl, clock, timeoutMs } = settings;
  const apiKey = sendable(await settings.apiKey());
  const request = toRequest(apiKey, call);
  const requestedAt = clock.now();
  let response: Response | undefined;
  let text: string;
  try {
    const signal = AbortSignal.timeout(timeoutMs);
    response = await settings.fetch(baseUrl + call.path, { ...request, signal });
    text = await response.text();
  } catch (cause) {
    throw connectionTrouble(call, response !== undefined, cause);
  }
  const respondedAt = clock.now();
  settings.scaleClock?.note(response.headers.get('date'), requestedAt, respondedAt);
  if (response.ok) return { text, requestedAt, respondedAt };
  const said = readErrorBody(text, apiKey);
  throw statusTrouble(call, response, said, respondedAt);
}

function toRequest(apiKey: string, call: Call): RequestInit {
  const hasBody = call.body !== undefined;
  return {
    method: call.method,
    headers: {
      authorization: `Bearer ${apiKey}`,
      accept: 'application/json',
      ...(hasBody && { 'content-type': 'application/json' }),
    },
    ...(hasBody && { body: JSON.stringify(call.body) }),
    // A redirected POST would arrive as a GET, and a key must not follow to another host.
    redirect: 'manual',
  };
}

/** A key that no header can carry is refused here: the error of `fetch` would quote it. */
function sendable(apiKey: string): string {
  const key = apiKey.trim();
  if (/^[\x21-\x7e]+$/.test(key)) return key;
  throw new Error('the API key is empty or holds characters that no header can carry');
}

/** Of `AbortSignal.timeout`. Errors of `fetch` are known by their form: `instanceof` fails across realms. */
const timeout = v.object({ name: v.literal('TimeoutError') });

function connectionTrouble(call: Call, hasAnswer: boolean, cause: unknown): ScaleUnavailableError {
  if (v.is(timeout, cause)) {
    const what = 'timed out';
    return new ScaleUnavailableError(nameOf(call), { trouble: 'timed out', what, cause });
  }
  return hasAnswer
    ? brokenAnswer(call, cause)
    : new ScaleUnavailableError(nameOf(call), {
        trouble: 'unreachable',
        what: 'connection failed',
        cause,
      });
}

/** An answer that broke off, an HTML page, plain text where JSON was asked for. */
export function brokenAnswer(call: Call, cause?: unknown): ScaleUnavailableError {
  const what = 'the answer is not whole';
  return new ScaleUnavailableError(nameOf(call), { trouble: 'broken', what, cause });
}

/** What the vendor's own client asks again for: busy, timed out, or any trouble on their side. */
const BUSY = [408, 429, 503];

function statusTrouble(
  call: Call,
  { status, headers }: Response,
  said: ErrorBody,
  respondedAt: number,
): Error {
  const isBusy = BUSY.includes(status);
  if (!isBusy && status < 500) {
    return new ScaleRefusedError(nameOf(call), status, said);
  }
  return new ScaleUnavailableError(nameOf(call), {
    trouble: isBusy ? 'busy' : 'failed',
    what: `status ${String(status)}`,
    status,
    ...said,
    retryAfterMs: retryAfter(headers.get('retry-after'), respondedAt),
  });
}

/** For messages of errors. A query may name projects and batches, so it is left out. */
export function nameOf({ method, path, route = path }: Call): string {
  return `${method} ${route.split('?', 1)[0] ?? route}`;
}
