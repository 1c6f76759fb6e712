import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';

import { buildApp } from 'fauxqs';

import { type Listening, listen } from '../listen.ts';
import { putEvents, type TakeEvents } from './event-bridge.ts';
import { openStores } from './fauxqs-stores.ts';
import { createSecrets } from './secrets.ts';

/** Lambda's Invoke (AWS API reference, "Invoke"). */
const INVOKE_PATH = /^\/2015-03-31\/functions\/([A-Za-z]+)\/invocations$/;

/** By which the command line finds the other parts. No bucket can have this name. */
const STACK_PATH = '/_stack';

/** What the functions have counted, in place of CloudWatch. */
const METRICS_PATH = '/_stack/metrics';

/** The account that the emulator says everything belongs to. */
const LOCAL_ACCOUNT = '000000000000';

export interface AwsSettings {
  readonly port: number;
  /** `undefined` keeps nothing. */
  readonly path: string | undefined;
  /** Queues by name, dead letters first, with their attributes. */
  readonly queues: ReadonlyMap<string, Record<string, string>>;
  readonly bucket: string;
  /** What secrets hold at first, by their id; what is put into them is kept until the process ends. */
  readonly secrets: ReadonlyMap<string, string>;
  /** Invokes a function by name, for `POST /2015-03-31/functions/<name>/invocations`. */
  readonly invoke: (name: string, event: unknown) => Promise<unknown>;
  readonly metrics: () => object;
  /** Takes what is put on the event bus. */
  readonly takeEvents: TakeEvents;
}

export interface Aws extends Listening {
  queueUrl(name: string): string;
  /** Says where all parts of the stack serve and what they are called, now that they do, to who asks `GET /_stack`. */
  announce(places: object): void;
}

/** SQS, S3, Secrets Manager, EventBridge's PutEvents and Lambda's Invoke on one port, durable before they answer. */
export async function startAws(settings: AwsSettings): Promise<Aws> {
  const { stores, closeStores } = await openStores(settings.path);
  const built: unknown = buildApp({ logger: false, stores });
  if (!isEmulatorApp(built)) throw new Error('fauxqs is not the version that this was made for');
  const app = built;
  await app.ready();
  let urls: object | undefined;
  const answerSecrets = createSecrets(settings.secrets);
  const server = createServer((request, response) => {
    const [, name] = INVOKE_PATH.exec(request.url ?? '') ?? [];
    if (answerSecrets(request, response)) return;
    if (request.headers['x-amz-target'] === 'AWSEvents.PutEvents') {
      void answerPutEvents(request, response, settings.takeEvents);
    } else if (request.method === 'GET' && request.url === STACK_PATH) {
      answerJson(response, urls);
    } else if (request.method === 'GET' && request.url === METRICS_PATH) {
      answerJson(response, settings.metrics());
    } else if (name !== undefined) {
      void answerInvoke(request, response, name, settings.invoke);
    } else {
      app.routing(request, response);
    }
  });
  const listening = await listen(server, settings.port, 'AWS_PORT');
  const { url } = listening;
  const queueUrl = (name: string) => `${url}/${LOCAL_ACCOUNT}/${name}`;
  for (const [name, attributes] of settings.queues) {
    const kept = stores.sqsStore.getQueueByName(name);
    if (kept === undefined) {
      stores.sqsStore.createQueue(name, queueUrl(name), queueArn(name), attributes);
    } else {
      kept.setAttributes(attributes);
    }
  }
  stores.s3Store.createBucket(settings.bucket);
  return {
    ...listening,
    queueUrl,
    announce: (all) => {
      urls = all;
    },
    close: async () => {
      stores.sqsStore.shutdown();
      await listening.close();
      await app.close();
      closeStores();
    },
  };
}

/** What is used of the Fastify server that fauxqs builds; its own types do not resolve. */
interface EmulatorApp {
  ready(): Promise<unknown>;
  routing(request: IncomingMessage, response: ServerResponse): void;
  close(): Promise<unknown>;
}

function isEmulatorApp(value: unknown): value is EmulatorApp {
  return (
    typeof value === 'object' &&
    value !== null &&
    ['ready', 'routing', 'close'].every((name) => typeof Reflect.get(value, name) === 'function')
  );
}

export function queueArn(name: string): string {
  return `arn:aws:sqs:us-east-1:${LOCAL_ACCOUNT}:${name}`;
}

function answerJson(response: ServerResponse, answer: object | undefined): void {
  response.writeHead(answer === undefined ? 503 : 200, { 'content-type': 'application/json' });
  response.end(JSON.stringify(answer ?? { message: 'starting' }));
}

/** Answers EventBridge's PutEvents; a failure of our own is one of the whole call. */
async function answerPutEvents(
  request: IncomingMessage,
  response: ServerResponse,
  takeEvents: TakeEvents,
): Promise<void> {
  response.setHeader('content-type', 'application/x-amz-json-1.1');
  try {
    response.end(JSON.stringify(putEvents(await readJson(request), takeEvents)));
  } catch {
    response.statusCode = 500;
    response.end(JSON.stringify({ __type: 'InternalException' }));
  }
}

/** Answers Lambda's Invoke, as the SDK and the AWS command line call it. */
async function answerInvoke(
  request: IncomingMessage,
  response: ServerResponse,
  name: string,
  invoke: AwsSettings['invoke'],
): Promise<void> {
  response.setHeader('content-type', 'application/json');
  try {
    const result = await invoke(name, await readJson(request));
    response.end(JSON.stringify(result ?? null));
  } catch (error) {
    response.setHeader('x-amz-function-error', 'Unhandled');
    const errorType = error instanceof Error ? error.name : 'Error';
    const errorMessage = error instanceof Error ? error.message : String(error);
    response.end(JSON.stringify({ errorType, errorMessage }));
  }
}

async function readJson(request: IncomingMessage): Promise<unknown> {
  const body = await text(request);
  return body === '' ? {} : JSON.parse(body);
}
