import { buffer, json } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';

import { answer, type AwsAnswer, failure, type Service, throttling } from './aws-answers.ts';
import type { AwsRequest } from '../../support/aws-calls/read-calls.ts';
import { recorded } from './caller.ts';
import { currentProcess } from './current-process.ts';
import type { AwsFault } from './gate.ts';
import { inPart } from './partial-answers.ts';

/** A request as the SDK hands it to its handler. */
export interface Request {
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly path?: string;
  readonly query?: Readonly<Record<string, unknown>>;
  readonly body?: Uint8Array;
}

type Answered = Promise<{ readonly response: AwsAnswer }>;

/** The SDK's HttpHandler, as far as it is used here. */
export interface Handler {
  handle(request: Request, options?: object): Answered;
}

const TIMEOUT_MS = 5;

/** The SDK's request handler with a gate before it: what it lets through goes to the real handler. */
export class FaultyHandler {
  readonly metadata = { handlerProtocol: 'http/1.1' };
  readonly #service: Service;
  readonly #inner: Handler;

  constructor(service: Service, inner: Handler) {
    this.#service = service;
    this.#inner = inner;
  }

  async handle(request: Request, options?: object): Answered {
    const operation = `${this.#service} ${operationOf(request)}`;
    const id = request.headers['amz-sdk-invocation-id'] ?? '';
    const { gate } = currentProcess();
    const fault = gate.meet(operation, id);
    const answered = this.#answer(fault as AwsFault | undefined, request, options);
    const response = await recorded(wireOf(request), answered);
    // A process that has ended meanwhile does not hear the answer.
    if (gate.hasCrashed()) gate.meet(operation, id);
    return response;
  }

  #answer(fault: AwsFault | undefined, request: Request, options?: object): Answered {
    const pass = (one = request) => this.#inner.handle(one, options);
    switch (fault) {
      case undefined:
        return pass();
      case 'throttled':
        return Promise.resolve({ response: throttling(this.#service) });
      case 'error 500':
        return failed(this.#service, 500, 'InternalError');
      case 'error 503':
        return failed(this.#service, 503, 'ServiceUnavailable');
      case 'timeout':
        return timeout();
      case 'reset':
        return Promise.reject(reset());
      case 'lost':
        return pass().then(async ({ response }) => {
          await buffer(response.body);
          throw reset();
        });
      case 'in part':
      case 'not at all':
        return inPart(request, fault === 'in part', async (one) => {
          const { response } = await pass(one);
          return (await json(response.body)) as object;
        }).then((body) => ({ response: answer(200, JSON.stringify(body)) }));
    }
  }

  updateHttpClientConfig(): void {
    // Shared with others: nothing of it is changed.
  }

  httpHandlerConfigs(): object {
    return {};
  }

  destroy(): void {
    // The real handler is shared with others.
  }
}

/** As it goes over the wire. Only requests of S3 have their path and query to say what they are. */
function wireOf({ method, headers, path = '/', query = {}, body }: Request): AwsRequest {
  const target = headers['x-amz-target'];
  const search = Object.keys(query).join('&');
  return { method, path: `${path}?${search}`, target, body: body ?? new Uint8Array() };
}

/** JSON services say it in a header, S3 by method and path. */
function operationOf({ headers, method, query = {} }: Request): string {
  const target = headers['x-amz-target'];
  if (target !== undefined) return target.slice(target.indexOf('.') + 1);
  if (method === 'GET') return 'list-type' in query ? 'ListObjectsV2' : 'GetObject';
  return `${method.charAt(0)}${method.slice(1).toLowerCase()}Object`;
}

function failed(service: Service, status: number, code: string): Answered {
  return Promise.resolve({ response: failure(service, status, code) });
}

/** Nobody answers until the handler's own limit, here a short one; its error is of this name. */
async function timeout(): Promise<never> {
  await sleep(TIMEOUT_MS);
  throw Object.assign(new Error('Request did not complete in time'), { name: 'TimeoutError' });
}

function reset(): Error {
  return Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' });
}
