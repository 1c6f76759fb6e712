import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import {
  BatchWriteItemCommand,
  DeleteItemCommand,
  DynamoDBClient,
  PutItemCommand,
  ScanCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';

import { type Dynamodb, startDynamodb } from '../../local/emulators/dynamodb.ts';
import type { StreamRecord, TableStream } from '../../local/emulators/table-stream.ts';
import { TABLES } from '../support/aws-resources.ts';
import { startDynamodbProcess } from '../support/emulator-process.ts';

jest.setTimeout(60_000);

let folder: string;
let dynamodb: Dynamodb;
let client: DynamoDBClient;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mirror-stream-'));
});

afterEach(async () => {
  client.destroy();
  await dynamodb.close();
  rmSync(folder, { recursive: true });
});

async function start(isWanted: (record: StreamRecord) => boolean = () => true): Promise<void> {
  dynamodb = await startDynamodb({
    port: 0,
    path: join(folder, 'dynamodb'),
    tables: [TABLES.Tasks],
    streams: [{ table: 'Tasks', keys: ['taskId', 'record'], isWanted }],
  });
  client = new DynamoDBClient({ endpoint: dynamodb.url });
}

function stream(): TableStream {
  const found = dynamodb.streams.get('Tasks');
  if (found === undefined) throw new Error('no stream');
  return found;
}

const TableName = 'Tasks';
const keyOf = (taskId: string) => ({ taskId: { S: taskId }, record: { S: 'task' } });
const put = (taskId: string, n: number, condition?: string) =>
  client.send(
    new PutItemCommand({
      TableName,
      Item: { ...keyOf(taskId), n: { N: String(n) } },
      ...(condition !== undefined && { ConditionExpression: condition }),
    }),
  );
const namesOf = (records: readonly StreamRecord[]) => records.map(({ eventName }) => eventName);

test('tells each write as it was before and as it is, by whatever call', async () => {
  await start();

  await put('task-1', 1);
  await client.send(
    new UpdateItemCommand({
      TableName,
      Key: keyOf('task-1'),
      UpdateExpression: 'SET n = :two',
      ExpressionAttributeValues: { ':two': { N: '2' } },
    }),
  );
  await client.send(new DeleteItemCommand({ TableName, Key: keyOf('task-1') }));
  const Item = { ...keyOf('task-2'), n: { N: '1' } };
  const RequestItems = { Tasks: [{ PutRequest: { Item } }] };
  await client.send(new BatchWriteItemCommand({ RequestItems }));

  const records = await stream().read(10);
  expect(namesOf(records)).toEqual(['INSERT', 'MODIFY', 'REMOVE', 'INSERT']);
  const [one, two] = [1, 2].map((n) => ({ ...keyOf('task-1'), n: { N: String(n) } }));
  expect(
    records.map(({ dynamodb: { Keys, OldImage, NewImage } }) => ({ Keys, OldImage, NewImage })),
  )
    // A member that is undefined and one that is absent are the same here.
    .toEqual([
      { Keys: keyOf('task-1'), NewImage: one },
      { Keys: keyOf('task-1'), OldImage: one, NewImage: two },
      { Keys: keyOf('task-1'), OldImage: two },
      { Keys: keyOf('task-2'), NewImage: Item },
    ]);
  expect(records[0]).toMatchObject({
    eventSource: 'aws:dynamodb',
    eventSourceARN: stream().arn,
    dynamodb: { StreamViewType: 'NEW_AND_OLD_IMAGES' },
  });
});

test('tells nothing of a write that was refused, and of what nobody wants', async () => {
  await start(({ dynamodb: { Keys } }) => JSON.stringify(Keys).includes('task-1'));
  await put('task-1', 1);
  await put('task-2', 1);

  await expect(put('task-1', 2, 'attribute_not_exists(taskId)')).rejects.toThrow();
  await client.send(new DeleteItemCommand({ TableName, Key: keyOf('task-3') }));

  expect(await stream().read(10)).toHaveLength(1);
});

test('the writes to one item are in the order in which they were made', async () => {
  await start();
  const made = Array.from({ length: 60 }, (_, n) => put('task-1', n));
  await Promise.all(made);

  const records = await stream().read(100);

  expect(records).toHaveLength(60);
  for (const [index, { dynamodb: one }] of records.entries()) {
    expect(one['OldImage']).toEqual(records[index - 1]?.dynamodb['NewImage']);
  }
  const numbers = records.map(({ dynamodb: one }) => one.SequenceNumber);
  expect(numbers).toEqual([...numbers].sort());
});

test('what has been dealt with is gone, and a start later the rest is there', async () => {
  await start();
  for (const n of [1, 2, 3]) await put('task-1', n);
  await stream().remove(await stream().read(2));

  client.destroy();
  await dynamodb.close();
  await start();
  await put('task-1', 4);

  const records = await stream().read(10);
  expect(records.map(({ dynamodb: one }) => one['NewImage'])).toMatchObject([
    { n: { N: '3' } },
    { n: { N: '4' } },
  ]);
});

test('a reader that waits is woken by a write, and by the end', async () => {
  await start();
  const ending = new AbortController();
  await stream().read(1);
  const woken = stream().nextWrite(ending.signal);
  await put('task-1', 1);
  await woken;

  await stream().read(1);
  const ended = stream().nextWrite(ending.signal);
  ending.abort();
  await expect(ended).resolves.toBeUndefined();
});

test('after a kill -9 no item is there without its record', async () => {
  const emulator = await startDynamodbProcess(join(folder, 'dynamodb'), [TABLES.Tasks]);
  const killed = new DynamoDBClient({ endpoint: emulator.url, maxAttempts: 1 });
  let confirmed = 0;
  const writing = Array.from({ length: 300 }, async (_, n) => {
    const Item = keyOf(`task-${n}`);
    await killed.send(new PutItemCommand({ TableName, Item }));
    confirmed += 1;
    if (confirmed === 100) await emulator.kill();
  });
  await Promise.allSettled(writing);
  killed.destroy();

  await start();

  const { Items = [] } = await client.send(new ScanCommand({ TableName }));
  const told = (await stream().read(1_000)).map(({ dynamodb: { NewImage } }) => NewImage);
  const idsOf = (items: readonly unknown[]) =>
    items.map((one) => (one as (typeof Items)[number])['taskId']?.S).sort();
  expect(Items.length).toBeGreaterThanOrEqual(100);
  expect(idsOf(told)).toEqual(idsOf(Items));
});
