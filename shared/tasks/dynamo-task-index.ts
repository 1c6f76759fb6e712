import { type DynamoDBClient, paginateQuery } from '@aws-sdk/client-dynamodb';
import * as v from 'valibot';

import type { EntityKind } from '../coverage/directory.ts';
import { stringAttribute } from '../platform/dynamo-attributes.ts';
import type { TaskIndex } from './task-index.ts';

export interface TaskIndexSettings {
  readonly client: DynamoDBClient;
  readonly tableName: string;
}

const indexNames = { project: 'byProject', batch: 'byBatch' } as const;

const indexItem = v.object({ taskId: stringAttribute });

export function createTaskIndex({ client, tableName: TableName }: TaskIndexSettings): TaskIndex {
  return {
    async *listTaskIds(kind: EntityKind, key: string) {
      const pages = paginateQuery(
        { client },
        {
          TableName,
          IndexName: indexNames[kind],
          KeyConditionExpression: '#kind = :key',
          ProjectionExpression: 'taskId',
          ExpressionAttributeNames: { '#kind': kind },
          ExpressionAttributeValues: { ':key': { S: key } },
        },
      );
      for await (const { Items = [] } of pages) {
        yield Items.map((item) => v.parse(indexItem, item).taskId);
      }
    },
  };
}
