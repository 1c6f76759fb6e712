import {
  CreateTableCommand,
  DeleteTableCommand,
  DynamoDBClient,
  PutItemCommand,
  ResourceNotFoundException,
  waitUntilTableExists,
  waitUntilTableNotExists,
} from '@aws-sdk/client-dynamodb';

import { startDynamodb } from '../../local/emulators/dynamodb.ts';

const TableName = 'Tasks';
const Item = { id: { S: 'one' }, size: { N: '1' } };
const waiting = { maxWaitTime: 10, minDelay: 0.01, maxDelay: 0.05 };

const keyedBy = (AttributeName: string, AttributeType: 'S' | 'N') =>
  new CreateTableCommand({
    TableName,
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: [{ AttributeName, AttributeType }],
    KeySchema: [{ AttributeName, KeyType: 'HASH' }],
  });

test('a table that was deleted, and made again with another key, is not remembered as it was', async () => {
  const { url, close } = await startDynamodb({ port: 0, path: undefined, tables: [] });
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  const client = new DynamoDBClient({ region: 'us-east-1', endpoint: url, credentials });
  const put = (item: typeof Item | { size: { N: string } }) =>
    client.send(new PutItemCommand({ TableName, Item: item }));
  try {
    await client.send(keyedBy('id', 'S'));
    await waitUntilTableExists({ client, ...waiting }, { TableName });
    await put(Item);

    await client.send(new DeleteTableCommand({ TableName }));
    await waitUntilTableNotExists({ client, ...waiting }, { TableName });
    await expect(put(Item)).rejects.toThrow(ResourceNotFoundException);

    await client.send(keyedBy('size', 'N'));
    await waitUntilTableExists({ client, ...waiting }, { TableName });
    await expect(put({ size: { N: '2' } })).resolves.toBeDefined();
  } finally {
    client.destroy();
    await close();
  }
});
