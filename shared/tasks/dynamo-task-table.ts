import {
  ConditionalCheckFailedException,
  DeleteItemCommand,
  PutItemCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';

import type { Bodies } from '../documents/bodies.ts';
import { toDocumentItem } from './document-item.ts';
import { CHANGES_TRAIL_MS } from './changes.ts';
import { createInserts } from './dynamo-inserts.ts';
import { createTaskReads, type TaskReadsSettings } from './dynamo-task-reads.ts';
import { recordKey, toHeadItem } from './head-item.ts';
import type { TaskTable } from './task-table.ts';

export interface TaskTableSettings extends TaskReadsSettings {
  /** Takes the bodies that are too big for an item. */
  readonly bodies: Bodies;
  /** After which a write of a head is given up, tries and all. */
  readonly longestHeadWriteMs?: number;
  /** Told why items could not be written together. They are then written one by one. */
  readonly onTogetherRefused?: ((error: unknown) => void) | undefined;
}

/**
 * From the time that a head carries to when it stands in the table, with all tries. Readers of `changes` trail the clock by
 * {@link CHANGES_TRAIL_MS}; what is left of that is for clocks that differ and for the index.
 */
const LONGEST_HEAD_WRITE_MS = CHANGES_TRAIL_MS - 10_000;

const isNew = 'attribute_not_exists(taskId)';
const isAtVersion = '#version = :version';

export function createTaskTable(settings: TaskTableSettings): TaskTable {
  const { client, tableName: TableName, bodies } = settings;
  const { longestHeadWriteMs: longestMs = LONGEST_HEAD_WRITE_MS, onTogetherRefused } = settings;
  const insert = createInserts({
    client,
    tableName: TableName,
    longestMs,
    onRefused: onTogetherRefused,
  });
  return {
    ...createTaskReads(settings),

    async putDocument(document) {
      const Item = await toDocumentItem(document, bodies);
      if (await insert(Item)) return 'created';
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

    async removeDocument(taskId, record) {
      try {
        await client.send(
          new DeleteItemCommand({
            TableName,
            Key: recordKey(taskId, record),
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
            Key: recordKey(taskId, record),
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
      const Item = toHeadItem(head);
      const abortSignal = AbortSignal.timeout(longestMs);
      try {
        if (isFirst && (await insert(Item))) return 'written';
        await client.send(
          new PutItemCommand({
            TableName,
            Item,
            ConditionExpression: isFirst ? isNew : isAtVersion,
            ...(!isFirst && {
              ExpressionAttributeNames: { '#version': 'version' },
              ExpressionAttributeValues: { ':version': { N: String(head.version - 1) } },
            }),
          }),
          { abortSignal },
        );
        return 'written';
      } catch (error) {
        if (error instanceof ConditionalCheckFailedException) return 'lost';
        throw error;
      }
    },
  };
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
        Key: recordKey(taskId, record),
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
