import {
  type DynamoDBClient,
  GetItemCommand,
  QueryCommand,
  type QueryCommandOutput,
} from '@aws-sdk/client-dynamodb';

import type { Bodies } from '../documents/bodies.ts';
import type { Sleep } from '../platform/clock.ts';
import { BATCH_GET_KEYS, batchGet } from './batch-get.ts';
import { fromDocumentItem, readHistoryEntry } from './document-item.ts';
import { DOCUMENT_RECORD_PREFIX } from './document-record.ts';
import type { Head } from './head.ts';
import { fromHeadItem, HEAD_RECORD, type Item, recordKey } from './head-item.ts';
import { type HistoryEntry, historyOf } from './history.ts';
import type { TaskTable } from './task-table.ts';

export interface TaskReadsSettings {
  readonly client: DynamoDBClient;
  readonly tableName: string;
  /** Has the bodies that are too big for an item. */
  readonly bodies: Pick<Bodies, 'get'>;
  readonly sleep: Sleep;
  /** From 0 to 1, for the pauses between tries. */
  readonly random?: () => number;
}

/** The half of {@link TaskTable} that writes nothing. */
export type TaskReads = Pick<TaskTable, 'getHeads' | 'getDocument' | 'getHistory'>;

export function createTaskReads(settings: TaskReadsSettings): TaskReads {
  const { client, tableName: TableName, bodies } = settings;
  return {
    async getHeads(taskIds) {
      const unique = [...new Set(taskIds)];
      const heads = new Map<string, Head>();
      for (let at = 0; at < unique.length; at += BATCH_GET_KEYS) {
        const some = unique.slice(at, at + BATCH_GET_KEYS).map((id) => recordKey(id, HEAD_RECORD));
        const items = await batchGet({ ...settings, isConsistent: true }, some);
        for (const head of items.map(fromHeadItem)) heads.set(head.taskId, head);
      }
      return heads;
    },

    async getDocument(taskId, record) {
      const { Item } = await client.send(
        new GetItemCommand({ TableName, Key: recordKey(taskId, record), ConsistentRead: true }),
      );
      return Item === undefined ? undefined : fromDocumentItem(Item, bodies);
    },

    async getHistory(head) {
      return historyOf(head, await queryDocuments(settings, head.taskId));
    },
  };
}

async function queryDocuments(
  { client, tableName: TableName }: TaskReadsSettings,
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
