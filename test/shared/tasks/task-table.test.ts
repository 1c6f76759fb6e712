import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';

import { createBodies } from '../../../shared/documents/bodies.ts';
import { createTaskTable } from '../../../shared/tasks/dynamo-task-table.ts';
import type { TaskTable } from '../../../shared/tasks/task-table.ts';
import { createBucket, createTable } from '../../support/aws-resources.ts';
import { taskDocumentsContract } from '../../support/contracts/task-documents.ts';
import { taskHistoryContract } from '../../support/contracts/task-history.ts';
import { taskHeadsContract } from '../../support/contracts/task-heads.ts';
import { fakeClock } from '../../support/fake-clock.ts';
import { inMemoryTaskTable } from '../../../prove/ports/in-memory-task-table.ts';

const dynamodb = new DynamoDBClient({});
const s3 = new S3Client({});

afterAll(() => {
  dynamodb.destroy();
  s3.destroy();
});

const inDynamodb = async (): Promise<TaskTable> =>
  createTaskTable({
    client: dynamodb,
    tableName: await createTable(dynamodb, 'Tasks'),
    bodies: createBodies({ client: s3, bucketName: await createBucket(s3) }),
    sleep: fakeClock().sleep,
  });

const tables = [
  ['in memory', inMemoryTaskTable],
  ['in DynamoDB', inDynamodb],
] as const;

describe.each(tables)('heads %s', (_, create) => {
  taskHeadsContract(create);
});

describe.each(tables)('documents %s', (_, create) => {
  taskDocumentsContract(create);
});

describe.each(tables)('histories %s', (_, create) => {
  taskHistoryContract(create);
});
