import {
  ConditionalCheckFailedException,
  DeleteItemCommand,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
} from '@aws-sdk/client-dynamodb';
import * as v from 'valibot';

import type { MirrorState, WalkState } from './mirror-state.ts';

export interface MirrorStateSettings {
  readonly client: DynamoDBClient;
  readonly tableName: string;
}

const string = v.pipe(
  v.object({ S: v.string() }),
  v.transform(({ S }) => S),
);
const integer = v.pipe(
  v.object({ N: v.string() }),
  v.transform(({ N }) => Number(N)),
);
const time = v.pipe(
  string,
  v.transform((iso) => Date.parse(iso)),
);

const walkItem = v.object({
  filters: string,
  from: v.optional(time),
  until: time,
  walkedAt: time,
  nextToken: v.optional(string),
  pages: integer,
  tasks: integer,
  isDone: v.pipe(
    v.object({ BOOL: v.boolean() }),
    v.transform(({ BOOL }) => BOOL),
  ),
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
            Item: { ...leaseKey(name), owner: { S: owner }, until: { S: iso(until) } },
            ConditionExpression: [isFree, isMine, hasRunOut].join(' OR '),
            ExpressionAttributeNames: { '#scope': 'scope', '#owner': 'owner', '#until': 'until' },
            ExpressionAttributeValues: { ':owner': { S: owner }, ':now': { S: iso(now) } },
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

function toItem({ filters, from, until, walkedAt, nextToken, pages, tasks, isDone }: WalkState) {
  return {
    filters: { S: filters },
    ...(from !== undefined && { from: { S: iso(from) } }),
    until: { S: iso(until) },
    walkedAt: { S: iso(walkedAt) },
    ...(nextToken !== undefined && { nextToken: { S: nextToken } }),
    pages: { N: String(pages) },
    tasks: { N: String(tasks) },
    isDone: { BOOL: isDone },
  };
}

function iso(time: number): string {
  return new Date(time).toISOString();
}
