import { randomUUID } from 'node:crypto';

import {
  CreateTableCommand,
  type CreateTableCommandInput,
  DescribeTableCommand,
  type DynamoDBClient,
} from '@aws-sdk/client-dynamodb';
import { CreateBucketCommand, type S3Client } from '@aws-sdk/client-s3';
import { CreateQueueCommand, type SQSClient } from '@aws-sdk/client-sqs';

// The emulators share the machine with all other tests.
jest.setTimeout(30_000);

const keys = (partition: string, sort: string) => [
  { AttributeName: partition, KeyType: 'HASH' as const },
  { AttributeName: sort, KeyType: 'RANGE' as const },
];

const index = (IndexName: string, [partition, sort]: [string, string], others: string[]) => ({
  IndexName,
  KeySchema: keys(partition, sort),
  Projection: { ProjectionType: 'INCLUDE' as const, NonKeyAttributes: others },
});

const strings = (...names: string[]) =>
  names.map((AttributeName) => ({ AttributeName, AttributeType: 'S' as const }));

const facts = ['status', 'completedAt', 'reviewStatus', 'current', 'fields'];

/**
 * The tables as the template has them. Repeated here since CDK takes seconds to load; a test of the
 * template compares the two.
 */
export const TABLES: Readonly<Record<'Tasks' | 'MirrorState', CreateTableCommandInput>> = {
  Tasks: {
    TableName: 'Tasks',
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: strings(
      'taskId',
      'record',
      'batch',
      'statusTime',
      'project',
      'changedAt',
    ),
    KeySchema: keys('taskId', 'record'),
    GlobalSecondaryIndexes: [
      index('byBatch', ['batch', 'statusTime'], facts),
      index('byProject', ['project', 'statusTime'], facts),
      index('changes', ['project', 'changedAt'], ['status', 'revision', 'current']),
    ],
  },
  MirrorState: {
    TableName: 'MirrorState',
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: strings('scope', 'item'),
    KeySchema: keys('scope', 'item'),
  },
};

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
