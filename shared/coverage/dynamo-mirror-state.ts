import {
  ConditionalCheckFailedException,
  DeleteItemCommand,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
} from '@aws-sdk/client-dynamodb';
import * as v from 'valibot';

import {
  booleanAttribute,
  integerAttribute,
  stringAttribute,
  timeAttribute,
} from '../platform/dynamo-attributes.ts';
import { toIso } from '../platform/iso.ts';
import type { MirrorState, WalkState } from './mirror-state.ts';

export interface MirrorStateSettings {
  readonly client: DynamoDBClient;
  readonly tableName: string;
}

const walkItem = v.object({
  filters: stringAttribute,
  from: v.optional(timeAttribute),
  until: timeAttribute,
  walkedAt: timeAttribute,
  nextToken: v.optional(stringAttribute),
  pages: integerAttribute,
  tasks: integerAttribute,
  limit: v.optional(integerAttribute),
  isDone: booleanAttribute,
  isRefused: v.optional(booleanAttribute),
});

const isFree = 'attribute_not_exists(#scope)';
const isMine = '#owner = :owner';
const hasRunOut = '#until < :now';

export function createMirrorState({
  client,
  tableName: TableName,
}: MirrorStateSettings): MirrorState {
  return {
    async getWalk(source, status) {
      const { Item } = await client.send(
        new GetItemCommand({ TableName, Key: walkKey(source, status), ConsistentRead: true }),
      );
      return Item === undefined ? undefined : v.parse(walkItem, Item);
    },

    async putWalk(source, status, walk) {
      await client.send(
        new PutItemCommand({ TableName, Item: { ...walkKey(source, status), ...toItem(walk) } }),
      );
    },

    async holdLease({ name, owner }, now, until) {
      try {
        await client.send(
          new PutItemCommand({
            TableName,
            Item: { ...leaseKey(name), owner: { S: owner }, until: { S: toIso(until) } },
            ConditionExpression: [isFree, isMine, hasRunOut].join(' OR '),
            ExpressionAttributeNames: { '#scope': 'scope', '#owner': 'owner', '#until': 'until' },
            ExpressionAttributeValues: { ':owner': { S: owner }, ':now': { S: toIso(now) } },
          }),
        );
        return true;
      } catch (error) {
        if (error instanceof ConditionalCheckFailedException) return false;
        throw error;
      }
    },

    async releaseLease({ name, owner }) {
      try {
        await client.send(
          new DeleteItemCommand({
            TableName,
            Key: leaseKey(name),
            ConditionExpression: isMine,
            ExpressionAttributeNames: { '#owner': 'owner' },
            ExpressionAttributeValues: { ':owner': { S: owner } },
          }),
        );
      } catch (error) {
        if (!(error instanceof ConditionalCheckFailedException)) throw error;
      }
    },
  };
}

function walkKey(source: string, status: string) {
  return { scope: { S: `walk#${source}` }, item: { S: status } };
}

function leaseKey(name: string) {
  return { scope: { S: 'lease' }, item: { S: name } };
}

function toItem(walk: WalkState) {
  const { filters, from, until, walkedAt, nextToken, pages, tasks, limit, isDone } = walk;
  return {
    filters: { S: filters },
    ...(from !== undefined && { from: { S: toIso(from) } }),
    until: { S: toIso(until) },
    walkedAt: { S: toIso(walkedAt) },
    ...(nextToken !== undefined && { nextToken: { S: nextToken } }),
    pages: { N: String(pages) },
    tasks: { N: String(tasks) },
    ...(limit !== undefined && { limit: { N: String(limit) } }),
    isDone: { BOOL: isDone },
    ...(walk.isRefused === true && { isRefused: { BOOL: true } }),
  };
}
