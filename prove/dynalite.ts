import { DynamoDBClient } from '@aws-sdk/client-dynamodb';

import { localCredentials } from '../local/emulators/credentials.ts';
import { startDynamodb } from '../local/emulators/dynamodb.ts';
import { createTaskTable } from '../shared/tasks/dynamo-task-table.ts';
import type { TaskTable } from '../shared/tasks/task-table.ts';
import { keptNowhere } from './ports/kept-nowhere.ts';

export interface Dynalite {
  readonly table: TaskTable;
  close(): Promise<void>;
}

/** The real table on a DynamoDB within this process, without the indexes that no worker reads. */
export async function startDynalite(): Promise<Dynalite> {
  const keys = { taskId: 'HASH', record: 'RANGE' } as const;
  const dynamodb = await startDynamodb({
    port: 0,
    path: undefined,
    tables: [
      {
        TableName: 'Tasks',
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: Object.keys(keys).map((AttributeName) => ({
          AttributeName,
          AttributeType: 'S',
        })),
        KeySchema: Object.entries(keys).map(([AttributeName, KeyType]) => ({
          AttributeName,
          KeyType,
        })),
      },
    ],
  });
  const client = new DynamoDBClient({ ...localCredentials, endpoint: dynamodb.url });
  const sleep = () => Promise.resolve();
  return {
    table: createTaskTable({ client, tableName: 'Tasks', bodies: keptNowhere, sleep }),
    close: async () => {
      client.destroy();
      await dynamodb.close();
    },
  };
}
