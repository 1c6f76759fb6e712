import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

import { type AttributeValue, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { GetObjectCommand, ListObjectsV2Command } from '@aws-sdk/client-s3';
import { GetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';

import { eventually, type RunningStack, startStack } from '../../support/running-stack.ts';

/** The document that counts, as anyone finds it who reads the table. */
interface StoredTask {
  readonly head: Record<string, AttributeValue>;
  readonly text: string;
  readonly envelope: string | undefined;
  /** Where body and envelope stand, and how many bytes of gzip: `body`, `bodyKey`, `envelope`, `envelopeKey`. */
  readonly places: Readonly<Record<string, number>>;
}

/** A stack on a folder of its own, and what it keeps. */
export interface Mirror extends RunningStack {
  /** What a post was answered: status and JSON. */
  answerTo(body: Uint8Array, headers?: Record<string, string>): Promise<[number, unknown]>;
  storedTask(taskId: string): Promise<StoredTask>;
  /** Waits for an object of exactly these bytes under `unrecognised/`, and answers its metadata. */
  unrecognised(bytes: Uint8Array): Promise<Record<string, string>>;
  countUnrecognised(): Promise<number>;
  /** Waits until nothing is on its way, and expects that nothing failed on it. */
  expectNothingLeft(): Promise<void>;
  log(name: 'ingest' | 'worker'): Promise<string>;
  /** Calls a function at once, as the AWS command line would. */
  invoke(name: string, event: unknown): Promise<unknown>;
  end(): Promise<void>;
}

export async function startMirror(): Promise<Mirror> {
  const folder = await mkdtemp(join(tmpdir(), 'mirror-bad-input-'));
  const stack = await startStack({ DATA_DIR: folder });
  const { ready, dynamodb, s3 } = stack;
  const credentials = { accessKeyId: 'any', secretAccessKey: 'any' };
  const sqs = new SQSClient({ region: 'us-east-1', credentials, endpoint: ready.awsUrl });
  const taken = new Set<string>();

  const list = async (Prefix: string) =>
    (await s3.send(new ListObjectsV2Command({ Bucket: 'bodies', Prefix }))).Contents ?? [];
  const object = async (Key: string) => {
    const { Body, Metadata } = await s3.send(new GetObjectCommand({ Bucket: 'bodies', Key }));
    return { bytes: (await Body?.transformToByteArray()) ?? Buffer.of(), Metadata };
  };
  /** The parts of a document's item with their gzip, from the bucket where they stand there. */
  const partsOf = async (item: StoredTask['head']): Promise<Map<string, Uint8Array>> => {
    const parts = new Map<string, Uint8Array>();
    for (const name of ['body', 'envelope']) {
      const inline = item[name]?.B;
      const key = item[`${name}Key`]?.S;
      if (inline !== undefined) parts.set(name, inline);
      if (key !== undefined) parts.set(`${name}Key`, (await object(key)).bytes);
    }
    return parts;
  };
  const queued = async (name: string): Promise<number> => {
    const { Attributes } = await sqs.send(
      new GetQueueAttributesCommand({
        QueueUrl: `${ready.awsUrl}/000000000000/${name}`,
        AttributeNames: ['All'],
      }),
    );
    return Object.entries(Attributes ?? {})
      .filter(([attribute]) => attribute.startsWith('ApproximateNumberOfMessages'))
      .reduce((sum, [, count]) => sum + Number(count), 0);
  };
  const log: Mirror['log'] = (name) => readFile(join(folder, `${name}.log`), 'utf8');

  return {
    ...stack,
    log,
    invoke: async (name, event) => {
      const url = `${ready.awsUrl}/2015-03-31/functions/${name}/invocations`;
      return (await fetch(url, { method: 'POST', body: JSON.stringify(event) })).json();
    },
    answerTo: async (body, headers) => {
      const response = await stack.post(body, headers);
      return [response.status, await response.json()];
    },
    storedTask: async (taskId) => {
      const head = await eventually(() => stack.head(taskId), `the head of ${taskId}`);
      const Key = { taskId: { S: taskId }, record: { S: head['current']?.S ?? '' } };
      const { Item = {} } = await dynamodb.send(new GetItemCommand({ TableName: 'Tasks', Key }));
      const parts = await partsOf(Item);
      const textOf = (name: string): string | undefined => {
        const bytes = parts.get(name) ?? parts.get(`${name}Key`);
        return bytes && gunzipSync(bytes).toString('utf8');
      };
      const sizes = [...parts].map(([name, { byteLength }]) => [name, byteLength]);
      return {
        head,
        text: textOf('body') ?? 'nothing',
        envelope: textOf('envelope'),
        places: Object.fromEntries(sizes) as Record<string, number>,
      };
    },
    unrecognised: (bytes) =>
      eventually(async () => {
        for (const { Key = '', Size } of await list('unrecognised/')) {
          if (Size !== bytes.byteLength || taken.has(Key)) continue;
          const kept = await object(Key);
          if (!Buffer.from(kept.bytes).equals(bytes)) continue;
          taken.add(Key);
          return kept.Metadata ?? {};
        }
        return undefined;
      }, 'the bytes under unrecognised/'),
    countUnrecognised: async () => (await list('unrecognised/')).length,
    expectNothingLeft: async () => {
      const left = async () => (await queued('TaskQueue')) + (await list('inbox/')).length;
      await eventually(async () => ((await left()) === 0 ? true : undefined), 'the queue to empty');
      expect(await queued('TaskDeadLetters')).toBe(0);
      expect(await log('ingest')).toContain('CallbackAccepted');
      expect(await log('worker')).toContain('ObservationApplied');
      expect((await log('ingest')) + (await log('worker'))).not.toMatch(
        /"level":"ERROR"|MessageFailed|CallbackUnavailable|SQS did not take/,
      );
    },
    end: async () => {
      sqs.destroy();
      expect(await stack.stop()).toBe(0);
      await rm(folder, { recursive: true, force: true });
    },
  };
}
