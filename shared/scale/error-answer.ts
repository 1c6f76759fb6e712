import * as v from 'valibot';

import type { ErrorBody } from './errors.ts';

const errorBody = v.object({
  status_code: v.fallback(v.optional(v.number()), undefined),
  error: v.fallback(v.optional(v.string()), undefined),
});

/**
 * Reads `{status_code, error}`; an answer of another form, such as an HTML page, says nothing. The reason is
 * for people to read, and may quote what was asked with.
 */
export function readErrorBody(text: string, apiKey: string): ErrorBody {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    return {};
  }
  const read = v.safeParse(errorBody, body);
  if (!read.success) return {};
  const { status_code: statusCode, error } = read.output;
  return { statusCode, reason: error && withoutSecrets(error, apiKey) };
}

/** Keys, addresses of people, and URLs with a query, which may hold a signature. */
const SECRETS =
  /(?:live|test)_[\w-]{6,}|(?:bearer|basic) +[^\s"',]+|[^\s"'<>(]+@[^\s"'<>),;]+|[^\s"'<>]*\?[^\s"'<>]+=[^\s"'<>]*/gi;

/** An answer may be of any length, and this is for people to read. */
const LONGEST_REASON = 1_000;

function withoutSecrets(text: string, apiKey: string): string {
  return text.replaceAll(apiKey, '***').slice(0, LONGEST_REASON).replace(SECRETS, '***');
}

/** `Retry-After` in seconds or as a date (RFC 9110, section 10.2.3), as a wait in milliseconds. */
export function retryAfter(header: string | null, now: number): number | undefined {
  if (header === null) return undefined;
  if (/^\d+$/.test(header.trim())) return Number(header) * 1_000;
  const date = Date.parse(header);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}
