import { once } from 'node:events';
import { IncomingMessage, request } from 'node:http';
import { json } from 'node:stream/consumers';

import * as v from 'valibot';

import { LOOPBACK } from './listen.ts';

/** Longer than a function may run. */
const LONGEST_RUN_MS = 16 * 60_000;

/** A stack that `npm start` runs, asked by its port for AWS calls. */
export interface RunningStack {
  readonly dynamodbUrl: string;
  /** Runs a function with an event, and answers what it answers. */
  readonly invoke: (name: string, event: object) => Promise<unknown>;
}

const urls = v.object({ dynamodbUrl: v.string() });

export async function findStack(port: number): Promise<RunningStack> {
  if (port === 0) throw new Error('set AWS_PORT to the port that "npm start" has printed');
  const { dynamodbUrl } = v.parse(urls, await ask(port, 'GET', '/_stack'));
  return {
    dynamodbUrl,
    invoke: (name, event) =>
      ask(port, 'POST', `/2015-03-31/functions/${name}/invocations`, JSON.stringify(event)),
  };
}

/** By `node:http`, since `fetch` gives up when headers take five minutes, and a run may take fifteen. */
async function ask(port: number, method: string, path: string, body?: string): Promise<unknown> {
  const call = request({ host: LOOPBACK, port, path, method, timeout: LONGEST_RUN_MS });
  call.once('timeout', () => call.destroy(new Error('timed out')));
  call.end(body);
  let response: IncomingMessage;
  try {
    [response] = v.parse(v.tuple([v.instance(IncomingMessage)]), await once(call, 'response'));
  } catch (cause) {
    throw new Error(
      `no stack answers on ${LOOPBACK}:${String(port)}: run "npm start" first, or set AWS_PORT`,
      { cause },
    );
  }
  return json(response);
}
