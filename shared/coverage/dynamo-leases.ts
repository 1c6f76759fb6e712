import {
  ConditionalCheckFailedException,
  DeleteItemCommand,
  PutItemCommand,
} from '@aws-sdk/client-dynamodb';

import { toIso } from '../platform/iso.ts';
import type { Leases } from './mirror-state.ts';
import type { MirrorStateSettings } from './dynamo-mirror-state.ts';

const isFree = 'attribute_not_exists(#scope)';
const isMine = '#owner = :owner';
const hasRunOut = '#until < :now';

/** Leases in `MirrorState`, an item each. */
export function createLeases({ client, tableName: TableName }: MirrorStateSettings): Leases {
  return {
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

function leaseKey(name: string) {
  return { scope: { S: 'lease' }, item: { S: name } };
}
