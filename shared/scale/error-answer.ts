import * as v from 'valibot';

import type { ErrorBody } from './errors.ts';

const errorBody = v.object({
  status_code: v.fallback(v.optional(v.number()), undefined),
  error: v.fallback(v.optional(v.string()), undefined),
});

/** Reads `{status_code, error}`; an answer of another form, such as an HTML page, says nothing. */
export function readErrorBody(text: string): ErrorBody {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    return {};
  }
  const read = v.safeParse(errorBody, body);
  return read.success ? { statusCode: read.output.status_code, reason: read.output.error } : {};
}

/** `Retry-After` in seconds or as a date (RFC 9110, section 10.2.3), as a wait in milliseconds. */
export function retryAfter(header: string | null, now: number): number | undefined {
  if (header === null) return undefined;
  if (/^\d+$/.test(header.trim())) return Number(header) * 1_000;
  const date = Date.parse(header);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}
