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

const taskIdItem = v.object({ taskId: stringAttribute });

/** `<status>#<time>`. */
const statusTimeItem = v.object({ statusTime: stringAttribute });

export function createTaskIndex({ client, tableName: TableName }: TaskIndexSettings): TaskIndex {
  const query = (kind: EntityKind, key: string, attribute: string) =>
    paginateQuery(
      { client },
      {
        TableName,
        IndexName: indexNames[kind],
        KeyConditionExpression: '#kind = :key',
        ProjectionExpression: attribute,
        ExpressionAttributeNames: { '#kind': kind },
        ExpressionAttributeValues: { ':key': { S: key } },
      },
    );
  return {
    async *listTaskIds(kind, key) {
      for await (const { Items = [] } of query(kind, key, 'taskId')) {
        yield Items.map((item) => v.parse(taskIdItem, item).taskId);
      }
    },

    async countByStatus(kind, key) {
      const counts = new Map<string, number>();
      for await (const { Items = [] } of query(kind, key, 'statusTime')) {
        for (const item of Items) {
          const [status = ''] = v.parse(statusTimeItem, item).statusTime.split('#', 1);
          counts.set(status, (counts.get(status) ?? 0) + 1);
        }
      }
      return counts;
    },
  };
}
