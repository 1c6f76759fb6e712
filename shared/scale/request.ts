import pRetry from 'p-retry';
import * as v from 'valibot';

import type { Sleep } from '../platform/clock.ts';
import { ScaleOutcomeUnknownError, ScaleRefusedError, ScaleUnavailableError } from './errors.ts';
import {
  type Answer,
  brokenAnswer,
  type Call,
  exchange,
  type ExchangeSettings,
  nameOf,
} from './exchange.ts';
import type { RequestLimit } from './request-limit.ts';

export interface RequestSettings extends ExchangeSettings {
  /** Shared by all who ask the same account; every try takes its turn. */
  readonly limit: RequestLimit;
  readonly sleep: Sleep;
  /** Tries after the first. */
  readonly retries: number;
  /** The first wait, doubled and spread at random for each further one. */
  readonly firstRetryMs: number;
  /** Asked before each further try; false ends the call there. */
  readonly mayRetry: () => boolean;
}

/** An answer, and what was read in it. */
export interface ReadAnswer<Value> extends Answer {
  readonly value: Value;
}

/** Reads an answer; throws where it is not whole, as an HTML page or one that broke off. */
export type Read<Value> = (text: string) => Value;

export interface GetOptions<Value> {
  readonly read: Read<Value>;
  readonly route?: Call['route'];
  /** The caller can ask for less: what may have failed for its size goes back to it soon. */
  readonly canAskForLess?: boolean;
}

/** One GET of something that may not exist: 404 is `undefined`, all else as with {@link get}. */
export async function find<Value>(
  settings: RequestSettings,
  path: string,
  options: GetOptions<Value>,
): Promise<ReadAnswer<Value> | undefined> {
  try {
    return await get(settings, path, options);
  } catch (error) {
    if (error instanceof ScaleRefusedError && error.isNotFound) return undefined;
    throw error;
  }
}

/**
 * One GET of Scale's API. A refusal, 404 too, is a {@link ScaleRefusedError}. 408, 429, 5xx, timeouts and
 * broken answers are tried again with growing waits and jitter, no sooner than `Retry-After` says, and
 * end in a {@link ScaleUnavailableError}.
 */
export async function get<Value>(
  settings: RequestSettings,
  path: string,
  { read, route, canAskForLess = false }: GetOptions<Value>,
): Promise<ReadAnswer<Value>> {
  const call: Call = { method: 'GET', path, route };
  const once = async () => readWhole(await exchange(settings, call), call, read);
  const isWorthIt: IsWorthIt = (error, triesDone) =>
    !canAskForLess || !error.mayBeTooLarge || mayPass(error, triesDone);
  return withRetries(settings, once, isWorthIt);
}

/** Before less is asked for, an error may show to be a passing one. A second timeout costs too much. */
function mayPass({ trouble }: ScaleUnavailableError, triesDone: number): boolean {
  return trouble !== 'timed out' && triesDone === 1;
}

/**
 * One POST, which changes something: repeated only where it has certainly not happened, on 429 and where
 * no connection was made. A refusal, 404 too, is a {@link ScaleRefusedError}; an answer that leaves it
 * open is a {@link ScaleOutcomeUnknownError}.
 */
export async function post<Value>(
  settings: RequestSettings,
  path: string,
  body: unknown,
  read: Read<Value>,
): Promise<ReadAnswer<Value>> {
  const call: Call = { method: 'POST', path, body };
  const once = async (): Promise<ReadAnswer<Value>> => {
    try {
      return readWhole(await exchange(settings, call), call, read);
    } catch (error) {
      if (!(error instanceof ScaleUnavailableError) || hasNotHappened(error)) throw error;
      throw new ScaleOutcomeUnknownError(nameOf(call), error.message, error);
    }
  };
  // Whatever unavailability is left has certainly not happened.
  return withRetries(settings, once, () => true);
}

function readWhole<Value>(answer: Answer, call: Call, read: Read<Value>): ReadAnswer<Value> {
  try {
    return { ...answer, value: read(answer.text) };
  } catch {
    // Not handed on: the error of a parser quotes what it could not read.
    throw brokenAnswer(call);
  }
}

/** Errors of `fetch` before anything of the request has left this machine. */
const notSent = v.object({
  cause: v.object({
    code: v.picklist(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'UND_ERR_CONNECT_TIMEOUT']),
  }),
});

function hasNotHappened({ status, trouble, cause }: ScaleUnavailableError): boolean {
  return status === 429 || (trouble === 'unreachable' && v.is(notSent, cause));
}

type IsWorthIt = (error: ScaleUnavailableError, triesDone: number) => boolean;

/** Longer than this no wait is honoured inside one call: the caller is told, and comes again later. */
const LONGEST_RETRY_AFTER_MS = 60_000;

async function withRetries<Result>(
  settings: RequestSettings,
  once: () => Promise<Result>,
  isWorthIt: IsWorthIt,
): Promise<Result> {
  const goesOn = (error: Error, triesDone: number): error is ScaleUnavailableError =>
    error instanceof ScaleUnavailableError &&
    (error.retryAfterMs ?? 0) <= LONGEST_RETRY_AFTER_MS &&
    isWorthIt(error, triesDone) &&
    settings.mayRetry();
  return pRetry(() => settings.limit(once), {
    retries: settings.retries,
    minTimeout: settings.firstRetryMs,
    factor: 2,
    randomize: true,
    shouldRetry: ({ error, attemptNumber }) => goesOn(error, attemptNumber),
    onFailedAttempt: async ({ error, attemptNumber, retriesLeft }) => {
      if (retriesLeft === 0 || !goesOn(error, attemptNumber)) return;
      if (error.retryAfterMs !== undefined) await settings.sleep(error.retryAfterMs);
    },
  });
}
