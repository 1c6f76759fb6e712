import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { type AttributeValue, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';

import { aCallback, aV1Task } from '../support/builders.ts';
import { eventually, type RunningStack, startStack } from '../support/running-stack.ts';
import { type SseReader, sseReader } from '../support/sse-reader.ts';

jest.setTimeout(180_000);

let folder: string;
let stack: RunningStack;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'mirror-'));
  stack = await start();
});

afterEach(async () => {
  await stack.stop();
  rmSync(folder, { recursive: true, force: true });
});

const start = () => startStack({ DATA_DIR: folder, SCALE_API_KEY: '', BACKFILL_ON_START: 'false' });
const feed = (lastEventId?: string) =>
  sseReader(new URL('/events', stack.ready.callbackUrl).href, lastEventId);
const callback = (task_id: string, members: object = {}) =>
  stack.post(aCallback(aV1Task({ task_id, ...members })));

interface Told {
  readonly 'detail-type': string;
  readonly detail: { readonly taskId?: string; readonly revision?: number };
}

const read = (line: string) => JSON.parse(line) as Told;
const fileLines = () => readFileSync(join(folder, 'events.jsonl'), 'utf8').split('\n').slice(0, -1);

/** Listens until all of these tasks have been told of. */
async function until(events: SseReader, taskIds: readonly string[]): Promise<Told[]> {
  const waited = new Set(taskIds);
  const told: Told[] = [];
  while (waited.size > 0) {
    const one = read((await events.next()).data);
    told.push(one);
    waited.delete(one.detail.taskId ?? '');
  }
  return told;
}

test('a callback is an event on GET /events and in the file, and its repetition is none', async () => {
  const events = await feed();

  await callback('task-1');
  const first = await events.next();
  await callback('task-1');
  await callback('task-1', { response: { category: 'tree' } });
  const second = await events.next();

  expect([first, second].map(({ data }) => read(data))).toMatchObject([
    { 'detail-type': 'TaskCompleted', detail: { taskId: 'task-1', revision: 1 } },
    { 'detail-type': 'TaskChanged', detail: { taskId: 'task-1', revision: 2 } },
  ]);
  expect(fileLines()).toEqual([first.data, second.data]);
  await events.close();
});

test('a batch that is completed is an event', async () => {
  const events = await feed();
  const put = async (status: string, minute: number) => {
    const Item: Record<string, AttributeValue> = {
      ...{ scope: { S: 'batches' }, item: { S: 'batch_1' }, id: { S: 'batch_1' } },
      ...{ name: { S: 'night' }, status: { S: status } },
      checkedAt: { S: `2026-11-21T12:0${minute}:00.000Z` },
    };
    await stack.dynamodb.send(new PutItemCommand({ TableName: 'MirrorState', Item }));
  };

  await put('in_progress', 0);
  await put('completed', 1);

  expect(read((await events.next()).data)).toMatchObject({
    'detail-type': 'BatchCompleted',
    detail: { batchId: 'batch_1', batch: 'night' },
  });
  await events.close();
});

test('a record that nobody can read goes to the failures with its position, and the rest goes on', async () => {
  const events = await feed();
  const Item = { taskId: { S: 'odd' }, record: { S: 'task' }, status: { S: 'private words' } };

  await stack.dynamodb.send(new PutItemCommand({ TableName: 'Tasks', Item }));
  await callback('task-1');

  expect(read((await events.next()).data).detail.taskId).toBe('task-1');
  const sqs = new SQSClient({
    endpoint: stack.ready.awsUrl,
    region: 'us-east-1',
    credentials: { accessKeyId: 'any', secretAccessKey: 'any' },
  });
  const QueueUrl = `${stack.ready.awsUrl}/000000000000/ChangesFailures`;
  const { Messages = [] } = await sqs.send(
    new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 20 }),
  );
  sqs.destroy();
  const [{ Body = '' } = {}] = Messages;
  expect(JSON.parse(Body)).toMatchObject({
    requestContext: { condition: 'RecordNotPublished' },
    error: 'ValiError',
    taskId: 'odd',
    DDBStreamBatchInfo: {
      batchSize: 1,
      streamArn: expect.stringContaining('table/Tasks') as string,
    },
  });
  expect(Body + readFileSync(join(folder, 'changes.log'), 'utf8')).not.toContain('private words');
  await events.close();
});

test('a kill in the middle of it all loses no event, and a listener goes on where it was', async () => {
  const before = await feed();
  await callback('before');
  const { id } = await before.next();
  await before.close();
  const accepted: string[] = [];
  const posting = Array.from({ length: 150 }, async (_, n) => {
    const { status } = await callback(`killed-${String(n)}`);
    if (status === 200) accepted.push(`killed-${String(n)}`);
    if (accepted.length === 60) await stack.kill();
  });
  await Promise.allSettled(posting);
  expect(accepted.length).toBeGreaterThanOrEqual(60);

  stack = await start();
  const after = await feed(id);
  const told = await until(after, accepted);
  await after.close();

  expect(told.map(({ detail }) => detail.taskId)).not.toContain('before');
  for (const taskId of accepted) {
    const revisions = told.filter(({ detail }) => detail.taskId === taskId);
    const head = await eventually(() => stack.head(taskId), taskId);
    expect(String(revisions.at(-1)?.detail.revision)).toBe(head['revision']?.N);
  }
});
