import { DescribeTableCommand, type DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import * as v from 'valibot';

import { stringAttribute } from '../platform/dynamo-attributes.ts';
import { isForgotten } from './forgotten.ts';
import type { Head } from './head.ts';
import { fromHeadItem, HEAD_RECORD, type Item, recordKey } from './head-item.ts';
import type { HeadScan } from './head-scan.ts';

export interface HeadScanSettings {
  readonly client: DynamoDBClient;
  readonly tableName: string;
}

const key = v.object({ taskId: stringAttribute, record: stringAttribute });
const storedKey = v.object({ taskId: v.string(), record: v.string() });

export function createHeadScan({ client, tableName: TableName }: HeadScanSettings): HeadScan {
  return {
    async behind(by, { segment, of }, from) {
      const answer = await client.send(
        new ScanCommand({
          TableName,
          Segment: segment,
          TotalSegments: of,
          FilterExpression: `#record = :head AND ${by === undefined ? 'attribute_exists(fieldsBy)' : 'NOT fieldsBy = :by'}`,
          ExpressionAttributeNames: { '#record': 'record' },
          ExpressionAttributeValues: {
            ':head': { S: HEAD_RECORD },
            ...(by !== undefined && { ':by': { S: by } }),
          },
          ...(from !== undefined && { ExclusiveStartKey: fromCursor(from) }),
        }),
      );
      const { Items = [], ScannedCount: looked = 0, LastEvaluatedKey } = answer;
      return { ...readHeads(Items), looked, next: LastEvaluatedKey && toCursor(LastEvaluatedKey) };
    },

    async approximateRecords() {
      const { Table } = await client.send(new DescribeTableCommand({ TableName }));
      return Table?.ItemCount ?? 0;
    },
  };
}

function readHeads(items: readonly Item[]) {
  const heads: Head[] = [];
  const unreadable: string[] = [];
  for (const item of items) {
    try {
      const head = fromHeadItem(item);
      if (!isForgotten(head)) heads.push(head);
    } catch {
      unreadable.push(v.parse(key, item).taskId);
    }
  }
  return { heads, unreadable };
}

function toCursor(lastKey: Item): string {
  return JSON.stringify(v.parse(key, lastKey));
}

function fromCursor(cursor: string): Item {
  const { taskId, record } = v.parse(storedKey, JSON.parse(cursor));
  return recordKey(taskId, record);
}
