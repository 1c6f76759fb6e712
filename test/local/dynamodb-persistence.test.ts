import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { DynamoDBClient, QueryCommand } from '@aws-sdk/client-dynamodb';

import { createTaskTable } from '../../shared/tasks/dynamo-task-table.ts';
import type { TaskTable } from '../../shared/tasks/task-table.ts';
import { TABLES } from '../support/aws-resources.ts';
import { type EmulatorProcess, startDynamodbProcess } from '../support/emulator-process.ts';
import { fakeClock } from '../support/fake-clock.ts';
import { inMemoryBodies } from '../support/in-memory-bodies.ts';
import { aDocument, aHead } from '../support/records.ts';

const tables = [TABLES.Tasks, TABLES.MirrorState];

// Every test starts processes.
jest.setTimeout(60_000);

let path: string;
let emulator: EmulatorProcess;
let client: DynamoDBClient;

beforeEach(async () => {
  path = join(mkdtempSync(join(tmpdir(), 'mirror-dynamodb-')), 'dynamodb');
  await start();
});

afterEach(async () => {
  await killIt();
  rmSync(join(path, '..'), { recursive: true });
});

async function start(): Promise<void> {
  emulator = await startDynamodbProcess(path, tables);
  client = new DynamoDBClient({ endpoint: emulator.url });
}

async function killIt(): Promise<void> {
  await emulator.kill();
  client.destroy();
}

async function killAndStartAgain(): Promise<void> {
  await killIt();
  await start();
}

const table = (): TaskTable =>
  createTaskTable({
    client,
    tableName: 'Tasks',
    bodies: inMemoryBodies(),
    sleep: fakeClock().sleep,
  });

test('after a kill -9 every head and document is there, and in the indexes', async () => {
  const heads = Array.from({ length: 40 }, () => aHead());
  const document = aDocument();
  await Promise.all(heads.map((head) => table().putHead(head)));
  await table().putDocument(document);

  await killAndStartAgain();

  const read = await table().getHeads(heads.map(({ taskId }) => taskId));
  expect(heads.map(({ taskId }) => read.get(taskId))).toEqual(heads);
  await expect(table().getDocument(document.taskId, document.record)).resolves.toEqual(document);
  const { Count } = await client.send(
    new QueryCommand({
      TableName: 'Tasks',
      IndexName: 'byBatch',
      KeyConditionExpression: '#batch = :batch',
      ExpressionAttributeNames: { '#batch': 'batch' },
      ExpressionAttributeValues: { ':batch': { S: 'night' } },
    }),
  );
  expect(Count).toBe(40);
});

test('every write that was confirmed before a kill -9 is there', async () => {
  const confirmed: string[] = [];
  const writing = Array.from({ length: 200 }, async () => {
    const head = aHead();
    await table().putHead(head);
    confirmed.push(head.taskId);
    if (confirmed.length === 80) await emulator.kill();
  });
  await Promise.allSettled(writing);
  await killAndStartAgain();

  const read = await table().getHeads(confirmed);

  expect(confirmed.length).toBeGreaterThanOrEqual(80);
  expect(read.size).toBe(confirmed.length);
});

test('data with other indexes than this version has is not used, and the folder is named', async () => {
  await killIt();
  const { GlobalSecondaryIndexes } = TABLES.Tasks;
  const other = { ...TABLES.Tasks, GlobalSecondaryIndexes: GlobalSecondaryIndexes?.slice(0, 2) };

  await expect(startDynamodbProcess(path, [other, TABLES.MirrorState])).rejects.toThrow(
    `the data in ${path} has other indexes than this version`,
  );
});
