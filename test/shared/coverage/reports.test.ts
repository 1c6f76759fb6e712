import { DynamoDBClient } from '@aws-sdk/client-dynamodb';

import { createReports } from '../../../shared/coverage/dynamo-reports.ts';
import { createTable } from '../../support/aws-resources.ts';
import { reportsContract } from '../../support/contracts/reports.ts';
import { inMemoryReports } from '../../support/in-memory-reports.ts';

let client: DynamoDBClient;
let tableName: string;

beforeAll(async () => {
  client = new DynamoDBClient({});
  tableName = await createTable(client, 'MirrorState');
});

afterAll(() => {
  client.destroy();
});

describe('reports in memory', () => {
  reportsContract(inMemoryReports);
});

describe('reports in DynamoDB', () => {
  reportsContract(() => createReports({ client, tableName }));
});
