import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';

import * as v from 'valibot';

import { EVENTS_PATH, feedEvents } from './events/event-feed.ts';
import type { EventLog } from './events/event-log.ts';
import { CALLBACK_PATH, toEvent } from './gateway-event.ts';

/** Calls ingest with the JSON of an API Gateway event. */
export type InvokeIngest = (payload: string) => Promise<unknown>;

/** The largest body that an HTTP API takes: 10 MB. */
const LARGEST_BODY_BYTES = 10 * 1024 * 1024;

/** The request line and all headers together: 10,240 bytes at an HTTP API. Beyond it Node.js answers 431. */
const LARGEST_HEADERS_BYTES = 10_240;

/** Of a body that is too large so much is read and thrown away, so that its sender reads the refusal. */
const MOST_READ_BYTES = 2 * LARGEST_BODY_BYTES;

/**
 * The largest event of a synchronous Lambda call: 6 MB, which Lambda's refusal spells out as "Request must be
 * smaller than 6291456 bytes for the InvokeFunction operation". (An answer may have 100 bytes more.)
 */
const LARGEST_EVENT_BYTES = 6_291_455;

const ingestAnswer = v.object({
  statusCode: v.number(),
  headers: v.optional(v.record(v.string(), v.string()), {}),
  body: v.optional(v.string(), ''),
});

/** How long a client may take. API Gateway gives a request 30 s in all. */
interface GatewayTimeouts {
  /** For the headers, and for a connection that sends nothing. */
  readonly headersMs: number;
  /** For the whole request; then it is answered 408. */
  readonly requestMs: number;
  /** How often that is looked after. */
  readonly checkMs: number;
}

const TIMEOUTS: GatewayTimeouts = { headersMs: 10_000, requestMs: 30_000, checkMs: 1_000 };

/**
 * API Gateway on this machine: the one route of the deployed HTTP API, with its limits and refusals; and in place of
 * EventBridge's rules the events, for whoever asks for them.
 */
export function createGateway(
  invokeIngest: InvokeIngest,
  timeouts = TIMEOUTS,
  events?: EventLog,
): Server {
  const options = {
    maxHeaderSize: LARGEST_HEADERS_BYTES,
    headersTimeout: timeouts.headersMs,
    requestTimeout: timeouts.requestMs,
    connectionsCheckingInterval: timeouts.checkMs,
  };
  return createServer(options, (request, response) => {
    const isOfEvents = request.method === 'GET' && request.url === EVENTS_PATH;
    const answered =
      isOfEvents && events !== undefined
        ? feedEvents(events, request, response)
        : answer(invokeIngest, request, response);
    answered.catch(() => {
      if (response.headersSent) response.destroy();
      else refuse(response, 500, 'Internal Server Error');
    });
  });
}

async function answer(
  invokeIngest: InvokeIngest,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const [path, query = ''] = (request.url ?? '/').split('?', 2);
  if (request.method !== 'POST' || path !== CALLBACK_PATH) {
    request.resume();
    refuse(response, 404, 'Not Found');
    return;
  }
  const body = await readBody(request);
  if (!request.complete) response.setHeader('connection', 'close');
  const payload = body && JSON.stringify(toEvent(request, query, body));
  if (payload === undefined || Buffer.byteLength(payload) > LARGEST_EVENT_BYTES) {
    refuse(response, 413, 'Request Entity Too Large');
    return;
  }
  const { statusCode, headers, body: text } = v.parse(ingestAnswer, await invokeIngest(payload));
  response.writeHead(statusCode, headers).end(text);
}

function refuse(response: ServerResponse, statusCode: number, message: string): void {
  response
    .writeHead(statusCode, { 'content-type': 'application/json' })
    .end(JSON.stringify({ message }));
}

/** The whole body, or `undefined` if it is too large: it may then go on for ever. */
async function readBody(request: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request.iterator({ destroyOnReturn: false })) {
    if (!(chunk instanceof Buffer)) continue;
    bytes += chunk.byteLength;
    if (bytes <= LARGEST_BODY_BYTES) chunks.push(chunk);
    else chunks.length = 0;
    if (bytes > MOST_READ_BYTES) break;
  }
  return bytes > LARGEST_BODY_BYTES ? undefined : Buffer.concat(chunks);
}
