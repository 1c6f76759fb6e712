import { once } from 'node:events';
import { IncomingMessage, request } from 'node:http';
import { json } from 'node:stream/consumers';

import * as v from 'valibot';

import { LOOPBACK } from './listen.ts';

/** Longer than a function may run. */
const LONGEST_RUN_MS = 16 * 60_000;

/**
 * Invokes a function of the stack that `npm start` runs, and answers its result. By `node:http`, since `fetch`
 * gives up when headers take five minutes, and a run may take fifteen.
 */
export async function invokeFunction(port: number, name: string, event: object): Promise<unknown> {
  const path = `/2015-03-31/functions/${name}/invocations`;
  const call = request({ host: LOOPBACK, port, path, method: 'POST', timeout: LONGEST_RUN_MS });
  call.once('timeout', () => call.destroy(new Error('timed out')));
  call.end(JSON.stringify(event));
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
