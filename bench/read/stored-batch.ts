import {
  BatchWriteItemCommand,
  CreateTableCommand,
  type DynamoDBClient,
  waitUntilTableExists,
} from '@aws-sdk/client-dynamodb';

import { filler } from '../../local/simulator/filler.ts';
import type { Bodies } from '../../shared/documents/bodies.ts';
import { sha256 } from '../../shared/documents/digest.ts';
import { documentRecord } from '../../shared/tasks/document-record.ts';
import { toDocumentItem } from '../../shared/tasks/document-item.ts';
import { type Item, toHeadItem } from '../../shared/tasks/head-item.ts';

export interface BatchSize {
  readonly batch: string;
  readonly tasks: number;
  /** Of each document. */
  readonly bytes: number;
}

export const TABLE = 'BenchTasks';

/** DynamoDB's limit for one BatchWriteItem. */
const WRITES_AT_ONCE = 25;

/** Puts completed tasks straight into the table, as the worker would have written them. */
export async function fillBatch(client: DynamoDBClient, size: BatchSize): Promise<void> {
  await createTable(client);
  let items: Item[] = [];
  for (let at = 0; at < size.tasks; at += 1) {
    items.push(...(await itemsOf(at, size)));
    if (items.length < WRITES_AT_ONCE - 1 && at < size.tasks - 1) continue;
    const requests = items.map((Item) => ({ PutRequest: { Item } }));
    await client.send(new BatchWriteItemCommand({ RequestItems: { [TABLE]: requests } }));
    items = [];
  }
}

/** As the template has it, with the one index that is read. */
async function createTable(client: DynamoDBClient): Promise<void> {
  const keys = (hash: string, range: string) => [
    { AttributeName: hash, KeyType: 'HASH' as const },
    { AttributeName: range, KeyType: 'RANGE' as const },
  ];
  const strings = ['taskId', 'record', 'batch', 'statusTime'];
  await client.send(
    new CreateTableCommand({
      TableName: TABLE,
      BillingMode: 'PAY_PER_REQUEST',
      KeySchema: keys('taskId', 'record'),
      AttributeDefinitions: strings.map((name) => ({ AttributeName: name, AttributeType: 'S' })),
      GlobalSecondaryIndexes: [
        {
          IndexName: 'byBatch',
          KeySchema: keys('batch', 'statusTime'),
          Projection: {
            ProjectionType: 'INCLUDE',
            NonKeyAttributes: ['status', 'completedAt', 'reviewStatus', 'current', 'fields'],
          },
        },
      ],
    }),
  );
  await waitUntilTableExists(
    { client, maxWaitTime: 30, minDelay: 0.01, maxDelay: 0.1 },
    { TableName: TABLE },
  );
}

const NOON = Date.parse('2026-11-21T12:00:00.000Z');

/** A task's document, and its head. */
export async function itemsOf(at: number, { batch, bytes }: BatchSize): Promise<Item[]> {
  const taskId = `bench-${String(at).padStart(6, '0')}`;
  const answer = filler(taskId, bytes);
  const text = JSON.stringify({ task_id: taskId, status: 'completed', response: { answer } });
  const record = documentRecord(1, sha256(text));
  const interval = { from: NOON, until: NOON };
  const document = { api: 'v2', source: 'backfill', substance: 'none' } as const;
  const sizes = { sha256: sha256(text), bytes: Buffer.byteLength(text) };
  const stored = { taskId, record, interval, text, ...document, ...sizes };
  const reference = { record, substance: 'none', bytes: sizes.bytes, interval, wasRead: true };
  const facts = { status: 'completed', completedAt: NOON + at, project: { name: 'Bench' } };
  const head = {
    ...{ taskId, version: 1, revision: 1, interval, confirmed: true, current: record },
    facts: { ...facts, batch: { name: batch } },
    ...({ observedBy: 'backfill', mirroredAt: NOON, changedAt: NOON } as const),
    documents: { v2: reference },
  };
  return [await toDocumentItem(stored, noBodies), toHeadItem(head)];
}

function tooLarge(): Promise<never> {
  return Promise.reject(new Error('these documents are too large for the table'));
}

const noBodies: Bodies = {
  put: tooLarge,
  get: tooLarge,
  remove: tooLarge,
  getMetadata: tooLarge,
  list: tooLarge,
};
