import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import {
  type AttributeValue,
  DynamoDBClient,
  GetItemCommand,
  QueryCommand,
} from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';

import { decompress } from '../../shared/documents/compression.ts';
import { RECORD_FOLDER } from './aws-calls/record.ts';

export const PROJECT_ROOT = join(import.meta.dirname, '..', '..');
export const LOCAL_KEY = 'local-callback-key';

/** Configurations with a short `settle`, so that confirms do not keep the tests waiting. */
const CONFIGS = join(PROJECT_ROOT, 'test', 'fixtures', 'config');
const QUICK_CONFIG = join(CONFIGS, 'one-project.json');
export const ALL_PROJECTS_CONFIG = join(CONFIGS, 'all-projects.json');
/** For stories that go by faster than in life, on one clock. */
export const QUICK_ORDER_CONFIG = join(CONFIGS, 'quick-order.json');
/** The same, for Data Engine projects whose tasks v1 lists. */
export const V1_LISTS_CONFIG = join(CONFIGS, 'quick-order-v1.json');
export const FIELDS_CONFIG = join(CONFIGS, 'fields.json');
export const OTHER_FIELDS_CONFIG = join(CONFIGS, 'other-fields.json');
export const NAMED_SOURCES_CONFIG = join(CONFIGS, 'named-sources.json');

interface Ready {
  readonly callbackUrl: string;
  readonly dynamodbUrl: string;
  readonly awsUrl: string;
  readonly scaleApiUrl: string;
  readonly readyMs: number;
}

type Item = Record<string, AttributeValue>;

/** `npm start` as a user runs it, a process of its own. */
export interface RunningStack {
  readonly ready: Ready;
  readonly output: () => string;
  post(body: string | Uint8Array, headers?: Record<string, string>): Promise<Response>;
  head(taskId: string): Promise<Item | undefined>;
  /** The exact text of the document that counts. */
  document(taskId: string): Promise<string | undefined>;
  records(taskId: string): Promise<Item[]>;
  readonly dynamodb: DynamoDBClient;
  readonly s3: S3Client;
  /** Sends a signal to npm, as Ctrl-C and service managers do, and answers the exit code. */
  stop(signal?: 'SIGTERM' | 'SIGINT'): Promise<number | null>;
  /** Ctrl-C: the signal goes to npm and to all that it started. */
  interrupt(): Promise<number | null>;
  /** Memory that npm's process and its children have in use, in MB; 0 where only Linux could say. */
  rssMb(): number;
  /** Ends npm and all that it started in one instant. */
  kill(): Promise<void>;
}

const quietPorts = { PORT: '0', DYNAMODB_PORT: '0', AWS_PORT: '0' };

/** The environment of a user's shell: without jest's, and without what other tests have set. */
function userEnvironment(extra: Record<string, string>): NodeJS.ProcessEnv {
  const { PATH, HOME } = process.env;
  return { PATH, HOME, ...quietPorts, MIRROR_CONFIG: QUICK_CONFIG, ...recorded(), ...extra };
}

/** Has the functions note what they call, where this run wants to know it. */
function recorded(): Record<string, string> {
  const folder = process.env[RECORD_FOLDER];
  if (folder === undefined) return {};
  const module = pathToFileURL(join(import.meta.dirname, 'aws-calls', 'record-in-thread.ts'));
  module.searchParams.set('to', folder);
  return { FUNCTION_IMPORT: module.href };
}

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs an npm script to its end. */
export async function runNpm(args: string[], env: Record<string, string> = {}): Promise<Ended> {
  const child = spawn('npm', ['--silent', ...args], {
    cwd: PROJECT_ROOT,
    env: userEnvironment(env),
  });
  const [stdout, stderr] = [collect(child.stdout), collect(child.stderr)];
  const code = await exitOf(child);
  return { code, stdout: stdout(), stderr: stderr() };
}

export async function startStack(env: Record<string, string> = {}): Promise<RunningStack> {
  const child = spawn('npm', ['--silent', 'start'], {
    cwd: PROJECT_ROOT,
    env: userEnvironment({ DATA_DIR: ':memory:', BACKFILL_ON_START: 'false', ...env }),
    detached: true,
  });
  const output = collect(child.stdout);
  const errors = collect(child.stderr);
  const exited = exitOf(child);
  const ready = await Promise.race([readyLine(child), exited]);
  if (ready === null || typeof ready === 'number') {
    throw new Error(`npm start ended with ${String(ready)}: ${errors()}`);
  }
  const aws = {
    region: 'us-east-1',
    credentials: { accessKeyId: 'any', secretAccessKey: 'any' },
  };
  const dynamodb = new DynamoDBClient({ ...aws, endpoint: ready.dynamodbUrl });
  const s3 = new S3Client({ ...aws, endpoint: ready.awsUrl });
  const head = async (taskId: string): Promise<Item | undefined> => {
    const Key = { taskId: { S: taskId }, record: { S: 'task' } };
    return (await dynamodb.send(new GetItemCommand({ TableName: 'Tasks', Key }))).Item;
  };
  return {
    ready,
    output: () => output() + errors(),
    dynamodb,
    s3,
    head,
    post: (body, headers = {}) =>
      fetch(ready.callbackUrl, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          'scale-callback-auth': LOCAL_KEY,
          ...headers,
        },
        body: body as string,
      }),
    document: async (taskId) => {
      const record = (await head(taskId))?.['current']?.S;
      if (record === undefined) return undefined;
      const Key = { taskId: { S: taskId }, record: { S: record } };
      const { Item } = await dynamodb.send(new GetItemCommand({ TableName: 'Tasks', Key }));
      const body = Item?.['body']?.B;
      return body && decompress(body);
    },
    records: async (taskId) => {
      const { Items = [] } = await dynamodb.send(
        new QueryCommand({
          TableName: 'Tasks',
          KeyConditionExpression: 'taskId = :taskId',
          ExpressionAttributeValues: { ':taskId': { S: taskId } },
        }),
      );
      return Items;
    },
    stop: async (signal = 'SIGTERM') => {
      dynamodb.destroy();
      s3.destroy();
      child.kill(signal);
      return exited;
    },
    interrupt: async () => {
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGINT');
      return exited;
    },
    rssMb: () => (child.pid === undefined ? 0 : rssMb(child.pid)),
    kill: async () => {
      if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, 'SIGKILL');
      await exited;
    },
  };
}

/** Waits until something is there, by asking again. */
export async function eventually<T>(ask: () => Promise<T | undefined>, what: string): Promise<T> {
  const giveUpAt = Date.now() + 30_000;
  while (Date.now() < giveUpAt) {
    const found = await ask();
    if (found !== undefined) return found;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`waited in vain for ${what}`);
}

function rssMb(pid: number): number {
  const base = `/proc/${String(pid)}`;
  if (!existsSync(`${base}/status`)) return 0;
  const [, kb = '0'] = /VmRSS:\s+(\d+)/.exec(readFileSync(`${base}/status`, 'utf8')) ?? [];
  const children = readFileSync(`${base}/task/${String(pid)}/children`, 'utf8').trim();
  const others = children === '' ? [] : children.split(' ').map(Number);
  return others.reduce((sum, other) => sum + rssMb(other), Number(kb) / 1_024);
}

function collect(stream: NodeJS.ReadableStream | null): () => string {
  let text = '';
  stream?.setEncoding('utf8');
  stream?.on('data', (chunk: string) => {
    text += chunk;
  });
  return () => text;
}

function readyLine(child: ChildProcess): Promise<Ready> {
  return new Promise((resolve) => {
    let text = '';
    child.stdout?.on('data', (chunk: string) => {
      text += chunk;
      const [, json] = /^ready (\{.*\})$/m.exec(text) ?? [];
      if (json !== undefined) resolve(JSON.parse(json) as Ready);
    });
  });
}

function exitOf(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve) => {
    child.once('close', (code) => {
      resolve(code);
    });
  });
}
