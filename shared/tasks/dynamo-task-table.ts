import {
  BatchGetItemCommand,
  type BatchGetItemCommandOutput,
  ConditionalCheckFailedException,
  DeleteItemCommand,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  type QueryCommandOutput,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';

import type { Bodies } from '../documents/bodies.ts';
import type { Sleep } from '../platform/clock.ts';
import { fromDocumentItem, readHistoryEntry, toDocumentItem } from './document-item.ts';
import { CHANGES_TRAIL_MS } from './changes.ts';
import { DOCUMENT_RECORD_PREFIX } from './document-record.ts';
import type { Head } from './head.ts';
import { fromHeadItem, HEAD_RECORD, type Item, toHeadItem } from './head-item.ts';
import { type HistoryEntry, historyOf } from './history.ts';
import type { TaskTable } from './task-table.ts';

export interface TaskTableSettings {
  readonly client: DynamoDBClient;
  readonly tableName: string;
  /** Takes the bodies that are too big for an item. */
  readonly bodies: Bodies;
  readonly sleep: Sleep;
  /** After which a write of a head is given up, tries and all. */
  readonly longestHeadWriteMs?: number;
}

/** DynamoDB's limit for one BatchGetItem. */
const BATCH_GET_KEYS = 100;

/** Unprocessed keys come back when a partition is throttled; asked again after 50 ms, 100 ms, … */
const BATCH_GET_ATTEMPTS = 6;

/**
 * From the time that a head carries to when it stands in the table, with all tries. Readers of `changes` trail the clock by
 * {@link CHANGES_TRAIL_MS}; what is left of that is for clocks that differ and for the index.
 */
const LONGEST_HEAD_WRITE_MS = CHANGES_TRAIL_MS - 10_000;

const isNew = 'attribute_not_exists(taskId)';
const isAtVersion = '#version = :version';

export function createTaskTable(settings: TaskTableSettings): TaskTable {
  const { client, tableName: TableName, bodies } = settings;
  const { longestHeadWriteMs = LONGEST_HEAD_WRITE_MS } = settings;
  return {
    async getHeads(taskIds) {
      const unique = [...new Set(taskIds)];
      const heads = new Map<string, Head>();
      for (let at = 0; at < unique.length; at += BATCH_GET_KEYS) {
        const items = await batchGet(settings, unique.slice(at, at + BATCH_GET_KEYS));
        for (const head of items.map(fromHeadItem)) heads.set(head.taskId, head);
      }
      return heads;
    },

    async putDocument(document) {
      const Item = await toDocumentItem(document, bodies);
      for (;;) {
        try {
          await client.send(new PutItemCommand({ TableName, Item, ConditionExpression: isNew }));
          return 'created';
        } catch (error) {
          if (!(error instanceof ConditionalCheckFailedException)) throw error;
        }
        if (await adopt(settings, document.taskId, document.record)) return 'adopted';
      }
    },

    async getDocument(taskId, record) {
      const { Item } = await client.send(
        new GetItemCommand({ TableName, Key: key(taskId, record), ConsistentRead: true }),
      );
      return Item === undefined ? undefined : fromDocumentItem(Item, bodies);
    },

    async getHistory(head) {
      return historyOf(head, await queryDocuments(settings, head.taskId));
    },

    async removeDocument(taskId, record) {
      try {
        await client.send(
          new DeleteItemCommand({
            TableName,
            Key: key(taskId, record),
            ConditionExpression: 'attribute_not_exists(adopted)',
          }),
        );
      } catch (error) {
        if (!(error instanceof ConditionalCheckFailedException)) throw error;
      }
    },

    async expireDocument(taskId, record, at) {
      try {
        await client.send(
          new UpdateItemCommand({
            TableName,
            Key: key(taskId, record),
            UpdateExpression: 'SET expiresAt = :at',
            // An update would make a record of nothing but its key.
            ConditionExpression: 'attribute_exists(taskId)',
            ExpressionAttributeValues: { ':at': { N: String(Math.ceil(at / 1_000)) } },
          }),
        );
      } catch (error) {
        if (!(error instanceof ConditionalCheckFailedException)) throw error;
      }
    },

    async putHead(head) {
      const isFirst = head.version === 1;
      try {
        await client.send(
          new PutItemCommand({
            TableName,
            Item: toHeadItem(head),
            ConditionExpression: isFirst ? isNew : isAtVersion,
            ...(!isFirst && {
              ExpressionAttributeNames: { '#version': 'version' },
              ExpressionAttributeValues: { ':version': { N: String(head.version - 1) } },
            }),
          }),
          { abortSignal: AbortSignal.timeout(longestHeadWriteMs) },
        );
        return 'written';
      } catch (error) {
        if (error instanceof ConditionalCheckFailedException) return 'lost';
        throw error;
      }
    },
  };
}

function key(taskId: string, record: string): Item {
  return { taskId: { S: taskId }, record: { S: record } };
}

/** Marks a record of another writer as used, so that its maker leaves it. False if it is gone. */
async function adopt(
  settings: TaskTableSettings,
  taskId: string,
  record: string,
): Promise<boolean> {
  try {
    await settings.client.send(
      new UpdateItemCommand({
        TableName: settings.tableName,
        Key: key(taskId, record),
        UpdateExpression: 'SET adopted = :yes',
        ConditionExpression: 'attribute_exists(taskId)',
        ExpressionAttributeValues: { ':yes': { BOOL: true } },
      }),
    );
    return true;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return false;
    throw error;
  }
}

async function queryDocuments(
  { client, tableName: TableName }: TaskTableSettings,
  taskId: string,
): Promise<HistoryEntry[]> {
  const entries: HistoryEntry[] = [];
  let ExclusiveStartKey: Item | undefined;
  do {
    const page: QueryCommandOutput = await client.send(
      new QueryCommand({
        TableName,
        ConsistentRead: true,
        KeyConditionExpression: 'taskId = :taskId AND begins_with(#record, :documents)',
        ProjectionExpression: '#record, api, #source, #from, #until, substance, previous',
        ExpressionAttributeNames: {
          '#record': 'record',
          '#source': 'source',
          '#from': 'from',
          '#until': 'until',
        },
        ExpressionAttributeValues: {
          ':taskId': { S: taskId },
          ':documents': { S: DOCUMENT_RECORD_PREFIX },
        },
        ...(ExclusiveStartKey && { ExclusiveStartKey }),
      }),
    );
    entries.push(...(page.Items ?? []).map(readHistoryEntry));
    ExclusiveStartKey = page.LastEvaluatedKey;
  } while (ExclusiveStartKey !== undefined);
  return entries;
}

async function batchGet(settings: TaskTableSettings, taskIds: readonly string[]): Promise<Item[]> {
  const { client, tableName, sleep } = settings;
  const items: Item[] = [];
  let Keys: Item[] = taskIds.map((taskId) => key(taskId, HEAD_RECORD));
  for (let attempt = 0; Keys.length > 0; attempt += 1) {
    if (attempt === BATCH_GET_ATTEMPTS) {
      throw new Error(
        `DynamoDB left ${String(Keys.length)} heads unread after ${String(attempt)} tries`,
      );
    }
    if (attempt > 0) await sleep(25 * 2 ** attempt);
    const answer: BatchGetItemCommandOutput = await client.send(
      new BatchGetItemCommand({ RequestItems: { [tableName]: { Keys, ConsistentRead: true } } }),
    );
    items.push(...(answer.Responses?.[tableName] ?? []));
    Keys = answer.UnprocessedKeys?.[tableName]?.Keys ?? [];
  }
  return items;
}
