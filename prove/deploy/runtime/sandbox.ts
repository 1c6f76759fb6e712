import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';

import * as v from 'valibot';

import { listen } from '../../../local/listen.ts';
import { type RuntimeSettings, startRuntime } from './runtime-process.ts';
import { FunctionError } from '../../../local/functions/function-error.ts';

/** One execution environment of a function: it takes one event at a time. */
export interface Sandbox {
  /** What the handler answered. Throws where it threw, took too long or ended the process. */
  invoke(event: unknown): Promise<unknown>;
  isAlive(): boolean;
  stop(): Promise<void>;
}

const API = '/2018-06-01/runtime';
const ANSWER = /^\/invocation\/([^/]+)\/(response|error)$/;

const failure = v.object({ errorType: v.string(), errorMessage: v.string() });

interface Invocation {
  readonly id: string;
  readonly resolve: (answer: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** Starts the runtime client on the bundle, with Lambda's runtime API behind it; it is ready once it asks for an event. */
export async function startSandbox(settings: RuntimeSettings): Promise<Sandbox> {
  let current: Invocation | undefined;
  let asking = awaited<ServerResponse>();
  const fail = (error: Error): void => {
    asking.reject(error);
    current?.reject(error);
  };

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const path = (request.url ?? '').slice(API.length);
    if (path === '/invocation/next') {
      asking.resolve(response);
      return;
    }
    const body: unknown = JSON.parse((await text(request)) || 'null');
    response.writeHead(202).end('{"status":"OK"}');
    const [, id, kind] = ANSWER.exec(path) ?? [];
    if (kind === undefined) fail(toError(body));
    else if (id !== current?.id) return;
    else if (kind === 'response') current?.resolve(body);
    // The environment lives on, and asks for the next event.
    else current?.reject(toError(body));
  };
  const server = createServer((request, response) => {
    answer(request, response).catch(fail);
  });
  const listening = await listen(server, 0, 'PORT');
  const child = startRuntime(settings, listening.port);
  const ended = once(child, 'exit').then(([code, signal]) => {
    const how = String(code ?? signal);
    fail(new FunctionError('Runtime.ExitError', `the process of ${settings.name} ended (${how})`));
    return listening.close();
  });
  const isAlive = (): boolean =>
    child.exitCode === null && child.signalCode === null && !child.killed;
  const stop = async (): Promise<void> => {
    if (isAlive()) child.kill('SIGKILL');
    await ended;
  };
  try {
    await asking.promise;
  } catch (error) {
    await stop();
    throw error;
  }

  return {
    isAlive,
    stop,
    invoke: async (event) => {
      const { promise, resolve, reject } = awaited<unknown>();
      const id = randomUUID();
      current = { id, resolve, reject };
      const timer = setTimeout(() => {
        const seconds = (settings.timeoutMs / 1_000).toFixed(2);
        reject(new FunctionError('Sandbox.Timedout', `timed out after ${seconds} seconds`));
        child.kill('SIGKILL');
      }, settings.timeoutMs);
      try {
        // It asks again only after it has answered, which may take a moment.
        const response = await asking.promise;
        asking = awaited<ServerResponse>();
        hand(response, id, event, settings);
        return await promise;
      } finally {
        clearTimeout(timer);
        current = undefined;
      }
    },
  };
}

/** A promise to be settled from elsewhere, also when nobody waits for it any more. */
function awaited<T>(): PromiseWithResolvers<T> {
  const all = Promise.withResolvers<T>();
  all.promise.catch(() => undefined);
  return all;
}

function hand(
  response: ServerResponse,
  id: string,
  event: unknown,
  { arn, timeoutMs }: RuntimeSettings,
): void {
  response.writeHead(200, {
    'content-type': 'application/json',
    'Lambda-Runtime-Aws-Request-Id': id,
    'Lambda-Runtime-Deadline-Ms': String(Date.now() + timeoutMs),
    'Lambda-Runtime-Invoked-Function-Arn': arn,
  });
  response.end(JSON.stringify(event));
}

function toError(body: unknown): Error {
  const read = v.safeParse(failure, body);
  if (!read.success) return new Error('the runtime has said something that is not in its API');
  return new FunctionError(read.output.errorType, read.output.errorMessage);
}
