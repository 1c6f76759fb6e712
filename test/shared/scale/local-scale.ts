import { createServer, type IncomingHttpHeaders, type RequestListener } from 'node:http';
import { text } from 'node:stream/consumers';

import { listen } from '../../../local/listen.ts';
import type { Answer } from '../../../shared/scale/exchange.ts';
import { find, type RequestSettings } from '../../../shared/scale/request.ts';
import { type FakeClock, fakeClock } from '../../support/fake-clock.ts';

export const API_KEY = 'live_key';
export const PATH = '/v2/tasks?project_name=Street%20scenes';

/** A request as it came in. */
interface ReceivedRequest {
  readonly method: string | undefined;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface LocalScale {
  readonly clock: FakeClock;
  /** For a client that asks five times, each within 5 s, unless told otherwise. */
  settings(other?: Partial<RequestSettings>): RequestSettings;
  /** Asks for {@link PATH}; an answer is whole if it is JSON. */
  ask(other?: Partial<RequestSettings>): Promise<Answer | undefined>;
  /** What the next requests are answered with, the last one again and again. */
  willAnswer(...answers: RequestListener[]): void;
  /** The URLs that were asked for, without the server's address. */
  readonly asked: string[];
  /** All of the same requests. */
  readonly requests: ReceivedRequest[];
  close(): Promise<void>;
}

/** A server on loopback that answers as it is told. */
export async function startLocalScale(): Promise<LocalScale> {
  let answers: RequestListener[] = [];
  const asked: string[] = [];
  const requests: ReceivedRequest[] = [];
  const clock = fakeClock();
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      const { method, url = '', headers } = request;
      asked.push(url);
      requests.push({ method, url, headers, body });
      const answer = answers.length > 1 ? answers.shift() : answers[0];
      answer?.(request, response);
    });
  });
  const { url, close } = await listen(server, 0, 'none');
  const settings: LocalScale['settings'] = (other = {}) => ({
    baseUrl: url,
    apiKey: async () => API_KEY,
    fetch,
    limit: (request) => request(),
    clock,
    sleep: clock.sleep,
    timeoutMs: 5_000,
    retries: 4,
    firstRetryMs: 1,
    mayRetry: () => true,
    ...other,
  });
  return {
    clock,
    asked,
    requests,
    close,
    settings,
    ask: (other) => find(settings(other), PATH, { read: readJson }),
    willAnswer: (...next) => {
      answers = next;
      asked.length = 0;
      requests.length = 0;
    },
  };
}

export function readJson(text: string): unknown {
  return JSON.parse(text);
}

/** What a promise fails with; one that does not fail the test does. */
export async function failureOf(asking: Promise<unknown>): Promise<unknown> {
  return asking.then(
    () => {
      throw new Error('it did not fail');
    },
    (error: unknown) => error,
  );
}

export function json(
  body: string,
  status = 200,
  headers: Record<string, string> = {},
): RequestListener {
  return (_, response) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(body);
  };
}

export const html: RequestListener = (_, response) => {
  response.writeHead(200, { 'content-type': 'text/html' }).end('<html>We will be back soon</html>');
};

export const resetsTheConnection: RequestListener = (request) => {
  request.socket.resetAndDestroy();
};

export const neverAnswers: RequestListener = () => undefined;

export const neverEnds: RequestListener = (_, response) => {
  response.writeHead(200).write('{"a":');
};

/** Promises more bytes than it sends before the connection ends. */
export const breaksOff: RequestListener = (_, response) => {
  response.writeHead(200, { 'content-length': '100' });
  response.write('{"a":1}', () => {
    response.destroy();
  });
};
