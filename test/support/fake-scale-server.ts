import { createServer } from 'node:http';

import { type Listening, listen } from '../../local/listen.ts';

export interface FakeScaleServer extends Listening {
  /** Path and query of every request, in order. */
  readonly requests: string[];
  readonly keys: string[];
}

export type AnswerRequest = (url: URL) => { readonly status?: number; readonly body: string };

/** Scale's API on loopback, answering what a test says. */
export async function startFakeScale(answer: AnswerRequest): Promise<FakeScaleServer> {
  const requests: string[] = [];
  const keys: string[] = [];
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://scale');
    requests.push(url.pathname + url.search);
    keys.push(request.headers.authorization ?? '');
    const { status = 200, body } = answer(url);
    response.writeHead(status, { 'content-type': 'application/json' }).end(body);
  });
  return { ...(await listen(server, 0, 'PORT')), requests, keys };
}
