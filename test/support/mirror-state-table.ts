import { DynamoDBClient } from '@aws-sdk/client-dynamodb';

import { createTable } from './aws-resources.ts';

/** A table `MirrorState` of the test file's own, once its tests run. */
export function useMirrorStateTable(): {
  readonly client: DynamoDBClient;
  readonly tableName: () => string;
} {
  const client = new DynamoDBClient({});
  let tableName = '';

  beforeAll(async () => {
    tableName = await createTable(client, 'MirrorState');
  });

  afterAll(() => {
    client.destroy();
  });

  return { client, tableName: () => tableName };
}
