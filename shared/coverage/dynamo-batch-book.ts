import {
  ConditionalCheckFailedException,
  GetItemCommand,
  paginateQuery,
  PutItemCommand,
} from '@aws-sdk/client-dynamodb';
import * as v from 'valibot';

import { integerAttribute, stringAttribute, timeAttribute } from '../platform/dynamo-attributes.ts';
import { toIso } from '../platform/iso.ts';
import { type BatchBook, type FollowedBatch, hasEnded } from './batch-book.ts';
import type { MirrorStateSettings } from './dynamo-mirror-state.ts';

const batchItem = v.pipe(
  v.object({
    id: stringAttribute,
    name: stringAttribute,
    project: v.optional(stringAttribute),
    projectId: v.optional(stringAttribute),
    status: stringAttribute,
    createdAt: v.optional(stringAttribute),
    completedAt: v.optional(stringAttribute),
    counts: v.optional(v.object({ M: v.record(v.string(), integerAttribute) })),
    checkedAt: timeAttribute,
    changedAt: v.optional(timeAttribute),
  }),
  v.transform(({ project, projectId, counts, ...rest }): FollowedBatch => ({
    ...rest,
    createdAt: rest.createdAt,
    completedAt: rest.completedAt,
    project: { name: project, id: projectId },
    counts: counts?.M,
  })),
);

/** Reads a batch; throws where the item is none. */
export function fromBatchItem(item: unknown): FollowedBatch {
  return v.parse(batchItem, item);
}

/** The partition of `MirrorState` that holds the followed batches. */
export const BATCHES_SCOPE = 'batches';

/** The followed batches in `MirrorState`, an item each. */
export function createBatchBook({ client, tableName: TableName }: MirrorStateSettings): BatchBook {
  return {
    async get(id) {
      const { Item } = await client.send(
        new GetItemCommand({ TableName, Key: key(id), ConsistentRead: true }),
      );
      return Item && fromBatchItem(Item);
    },

    async listOpen() {
      const open: FollowedBatch[] = [];
      const pages = paginateQuery(
        { client },
        {
          TableName,
          KeyConditionExpression: '#scope = :scope',
          FilterExpression: 'isOpen = :yes',
          ExpressionAttributeNames: { '#scope': 'scope' },
          ExpressionAttributeValues: { ':scope': { S: BATCHES_SCOPE }, ':yes': { BOOL: true } },
        },
      );
      for await (const { Items = [] } of pages) {
        open.push(...Items.map(fromBatchItem));
      }
      return open;
    },

    async put(batch) {
      try {
        await client.send(
          new PutItemCommand({
            TableName,
            Item: toItem(batch),
            ConditionExpression: 'attribute_not_exists(checkedAt) OR checkedAt <= :checkedAt',
            ExpressionAttributeValues: { ':checkedAt': { S: toIso(batch.checkedAt) } },
          }),
        );
      } catch (error) {
        if (!(error instanceof ConditionalCheckFailedException)) throw error;
      }
    },
  };
}

function key(id: string) {
  return { scope: { S: BATCHES_SCOPE }, item: { S: id } };
}

function toItem(batch: FollowedBatch) {
  const { id, name, project, status, createdAt, completedAt, counts, checkedAt, changedAt } = batch;
  const texts = { project: project.name, projectId: project.id, createdAt, completedAt };
  return {
    ...key(id),
    id: { S: id },
    name: { S: name },
    status: { S: status },
    ...Object.fromEntries(
      Object.entries(texts).flatMap(([member, value]) =>
        value === undefined ? [] : [[member, { S: value }]],
      ),
    ),
    ...(counts && {
      counts: {
        M: Object.fromEntries(
          Object.entries(counts).map(([one, count]) => [one, { N: String(count) }]),
        ),
      },
    }),
    checkedAt: { S: toIso(checkedAt) },
    ...(changedAt !== undefined && { changedAt: { S: toIso(changedAt) } }),
    isOpen: { BOOL: !hasEnded(batch) },
  };
}
