import { once } from 'node:events';
import { request as httpRequest, IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { text } from 'node:stream/consumers';

import type { SQSClient } from '@aws-sdk/client-sqs';
import pRetry, { AbortError } from 'p-retry';
import * as v from 'valibot';

import { CommandFailure } from '../failure.ts';

/**
 * Lambda's Invoke (AWS Lambda API reference, "Invoke"), signed by another client of the SDK, since that of Lambda is
 * not among the dependencies.
 */
export interface InvokeSettings {
  /** Whose credentials and region sign the call. */
  readonly signedBy: SQSClient;
  /** Where something that speaks like Lambda is; AWS's own place without it. */
  readonly endpoint: string | undefined;
  readonly retries: number;
  readonly firstRetryMs: number;
}

/** Longer than a function may run. `fetch` would give up when an answer takes five minutes to begin. */
const LONGEST_RUN_MS = 16 * 60_000;

/** Answers with which nothing has begun, or which pass. */
const PASSING = [429, 500, 502, 503, 504];

const problem = v.object({
  errorMessage: v.optional(v.string()),
  Message: v.optional(v.string()),
  message: v.optional(v.string()),
});

/** Runs a function with an event and answers what it answers. One that fails is a {@link CommandFailure}. */
export async function invokeFunction(
  { signedBy, endpoint, retries, firstRetryMs }: InvokeSettings,
  name: string,
  event: object,
  signal?: AbortSignal,
): Promise<unknown> {
  const region = await signedBy.config.region();
  const url = new URL(
    `/2015-03-31/functions/${encodeURIComponent(name)}/invocations`,
    endpoint ?? awsEndpoint(region),
  );
  return pRetry(() => invokeOnce({ signedBy, region, url }, name, JSON.stringify(event), signal), {
    retries,
    minTimeout: firstRetryMs,
    randomize: true,
    ...(signal && { signal }),
  });
}

function awsEndpoint(region: string): string {
  return `https://lambda.${region}.amazonaws.com${region.startsWith('cn-') ? '.cn' : ''}`;
}

interface Place {
  readonly signedBy: SQSClient;
  readonly region: string;
  readonly url: URL;
}

async function invokeOnce(
  { signedBy, region, url }: Place,
  name: string,
  body: string,
  signal: AbortSignal | undefined,
): Promise<unknown> {
  const service = { signingRegion: region, signingService: 'lambda' };
  const signer = await signedBy.config.signer({
    name: 'sigv4',
    signingName: 'lambda',
    signingRegion: region,
    properties: {},
  });
  const { protocol, hostname, pathname: path, host } = url;
  const headers = { host, 'content-type': 'application/json' };
  const unsigned = { method: 'POST', protocol, hostname, path, query: {}, headers, body };
  const signed = await signer.sign(unsigned, service);
  const response = await post(url, signed.headers, body, signal);
  const answer = parse(await text(response));
  const { statusCode = 0 } = response;
  if (statusCode !== 200) {
    const failure = failureOf(`${name} could not be run (${String(statusCode)})`, answer);
    throw PASSING.includes(statusCode) ? failure : new AbortError(failure);
  }
  if (response.headers['x-amz-function-error'] !== undefined) {
    throw new AbortError(failureOf(`${name} failed`, answer));
  }
  return answer;
}

async function post(
  url: URL,
  headers: Record<string, string>,
  body: string,
  signal: AbortSignal | undefined,
): Promise<IncomingMessage> {
  const open = url.protocol === 'http:' ? httpRequest : httpsRequest;
  const call = open(url, { method: 'POST', headers, timeout: LONGEST_RUN_MS, signal });
  call.once('timeout', () => call.destroy(new Error('timed out')));
  call.end(body);
  const [response] = v.parse(v.tuple([v.instance(IncomingMessage)]), await once(call, 'response'));
  return response;
}

function parse(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

function failureOf(what: string, answer: unknown): CommandFailure {
  const parsed = v.safeParse(problem, answer);
  const { errorMessage, Message, message } = parsed.success ? parsed.output : {};
  const why = errorMessage ?? Message ?? message;
  return new CommandFailure('failed', why === undefined ? what : `${what}: ${why}`);
}
