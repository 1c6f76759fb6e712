import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { text } from 'node:stream/consumers';

import { buildApp } from 'fauxqs';
import * as v from 'valibot';

// fauxqs exports its stores only through `startFauxqs`, which listens on every interface. The version is
// pinned exactly, and a test shows that messages and objects survive.
import { PersistenceManager } from '../../node_modules/fauxqs/dist/persistence.js';
import { S3Store } from '../../node_modules/fauxqs/dist/s3/s3Store.js';
import { SnsStore } from '../../node_modules/fauxqs/dist/sns/snsStore.js';
import { SqsStore } from '../../node_modules/fauxqs/dist/sqs/sqsStore.js';
import { type Listening, listen } from '../listen.ts';

/** Lambda's Invoke (AWS API reference, "Invoke"). */
const INVOKE_PATH = /^\/2015-03-31\/functions\/([A-Za-z]+)\/invocations$/;

/** The account that the emulator says everything belongs to. */
export const LOCAL_ACCOUNT = '000000000000';

export interface AwsSettings {
  readonly port: number;
  /** `undefined` keeps nothing. */
  readonly path: string | undefined;
  /** Queues by name, dead letters first, with their attributes. */
  readonly queues: ReadonlyMap<string, Record<string, string>>;
  readonly bucket: string;
  /** Secrets by their id. */
  readonly secrets: ReadonlyMap<string, string>;
  /** Invokes a function by name, for `POST /2015-03-31/functions/<name>/invocations`. */
  readonly invoke: (name: string, event: unknown) => Promise<unknown>;
}

export interface Aws extends Listening {
  queueUrl(name: string): string;
}

/** SQS, S3, Secrets Manager and Lambda's Invoke on one port, durable before they answer. */
export async function startAws(settings: AwsSettings): Promise<Aws> {
  const stores = { sqsStore: new SqsStore(), snsStore: new SnsStore(), s3Store: new S3Store() };
  // Without a host of its own it answers queue URLs under the host that the caller used.
  stores.sqsStore.host = '';
  const persistence = await openPersistence(settings.path);
  if (persistence !== undefined) restore(persistence, stores);
  const built: unknown = buildApp({ logger: false, stores });
  if (!isEmulatorApp(built)) throw new Error('fauxqs is not the version that this was made for');
  const app = built;
  await app.ready();
  const server = createServer((request, response) => {
    const [, name] = INVOKE_PATH.exec(request.url ?? '') ?? [];
    if (request.headers['x-amz-target'] === 'secretsmanager.GetSecretValue') {
      void answerSecret(request, response, settings.secrets);
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
    if (stores.sqsStore.getQueueByName(name) === undefined) {
      stores.sqsStore.createQueue(name, queueUrl(name), queueArn(name), attributes);
    }
  }
  stores.s3Store.createBucket(settings.bucket);
  return {
    ...listening,
    queueUrl,
    close: async () => {
      stores.sqsStore.shutdown();
      await listening.close();
      await app.close();
      persistence?.close();
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

interface Stores {
  readonly sqsStore: SqsStore;
  readonly snsStore: SnsStore;
  readonly s3Store: S3Store;
}

const DATABASE_FILE = 'fauxqs.db';

async function openPersistence(path: string | undefined): Promise<PersistenceManager | undefined> {
  if (path === undefined) return undefined;
  await mkdir(path, { recursive: true });
  releaseInFlight(join(path, DATABASE_FILE));
  const manager = new PersistenceManager(path);
  // Written to the operating system before it answers, which is what a killed process needs; waiting for
  // the disk as well would hold every message up for the sake of a power cut on a developer's machine.
  const database: unknown = Reflect.get(manager, 'db');
  if (database instanceof DatabaseSync) database.exec('PRAGMA synchronous = NORMAL');
  return manager;
}

/** Whoever had received a message died with the last process: it is to be received again at once. */
function releaseInFlight(file: string): void {
  if (!existsSync(file)) return;
  const database = new DatabaseSync(file);
  database.exec('UPDATE sqs_messages SET receipt_handle = NULL, visibility_deadline = NULL');
  database.close();
}

/** Loads before the stores learn of the persistence, as `startFauxqs` does, so that nothing is written twice. */
function restore(persistence: PersistenceManager, { sqsStore, snsStore, s3Store }: Stores): void {
  persistence.load(sqsStore, snsStore, s3Store);
  sqsStore.persistence = persistence;
  snsStore.persistence = persistence;
  s3Store.persistence = persistence;
  for (const queue of sqsStore.allQueues()) queue.persistence = persistence;
}

/** Answers Secrets Manager's GetSecretValue; an empty secret is one without a value. */
async function answerSecret(
  request: IncomingMessage,
  response: ServerResponse,
  secrets: AwsSettings['secrets'],
): Promise<void> {
  const { SecretId } = v.parse(v.object({ SecretId: v.string() }), await readJson(request));
  const value = secrets.get(SecretId) ?? '';
  response.setHeader('content-type', 'application/x-amz-json-1.1');
  response.statusCode = value === '' ? 400 : 200;
  response.end(
    JSON.stringify(
      value === ''
        ? { __type: 'ResourceNotFoundException' }
        : { ARN: SecretId, Name: SecretId, SecretString: value },
    ),
  );
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
