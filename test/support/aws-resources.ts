import { randomUUID } from 'node:crypto';

import {
  CreateTableCommand,
  DescribeTableCommand,
  type DynamoDBClient,
} from '@aws-sdk/client-dynamodb';
import { CreateBucketCommand, type S3Client } from '@aws-sdk/client-s3';
import { CreateQueueCommand, type SQSClient } from '@aws-sdk/client-sqs';

import { TABLES } from '../../costs/mirror/tables.ts';

export { TABLES };

// The emulators share the machine with all other tests.
jest.setTimeout(30_000);

/** A table in the emulator under a name of its own, so that no test sees another's items. */
export async function createTable(
  client: DynamoDBClient,
  name: keyof typeof TABLES,
): Promise<string> {
  const TableName = `${name}-${randomUUID()}`;
  await client.send(new CreateTableCommand({ ...TABLES[name], TableName }));
  for (;;) {
    const { Table } = await client.send(new DescribeTableCommand({ TableName }));
    if (Table?.TableStatus === 'ACTIVE') return TableName;
  }
}

/** The URL of a new queue, as plain as SQS makes it. */
export async function createQueue(client: SQSClient): Promise<string> {
  const { QueueUrl } = await client.send(new CreateQueueCommand({ QueueName: randomUUID() }));
  if (QueueUrl === undefined) throw new Error('the queue has no URL');
  return QueueUrl;
}

/** The name of a new bucket. */
export async function createBucket(client: S3Client): Promise<string> {
  const Bucket = randomUUID();
  await client.send(new CreateBucketCommand({ Bucket }));
  return Bucket;
}
