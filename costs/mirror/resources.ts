import { randomUUID } from 'node:crypto';

import {
  CreateTableCommand,
  type CreateTableCommandInput,
  DynamoDBClient,
  waitUntilTableExists,
} from '@aws-sdk/client-dynamodb';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { CreateQueueCommand, SQSClient } from '@aws-sdk/client-sqs';

import { localCredentials } from '../../local/emulators/credentials.ts';

/** Where the emulators serve on which everything is counted. */
export interface Endpoints {
  readonly dynamodbUrl: string;
  readonly awsUrl: string;
}

/** How a client finds the emulator. */
export interface ClientSettings {
  readonly region: string;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  readonly endpoint: string;
}

export function dynamodbSettings({ dynamodbUrl }: Endpoints): ClientSettings {
  return { ...localCredentials, endpoint: dynamodbUrl };
}

export function awsSettings({ awsUrl }: Endpoints): ClientSettings {
  return { ...localCredentials, endpoint: awsUrl };
}

/** Tables under names of their own, so that nobody sees another's items. */
export async function makeTables<Name extends string>(
  endpoints: Endpoints,
  wanted: Readonly<Record<Name, CreateTableCommandInput>>,
): Promise<ReadonlyMap<string, CreateTableCommandInput>> {
  const client = new DynamoDBClient(dynamodbSettings(endpoints));
  const made = new Map<string, CreateTableCommandInput>();
  for (const [name, input] of Object.entries<CreateTableCommandInput>(wanted)) {
    const table = { ...input, TableName: `${name}-${randomUUID()}` };
    await client.send(new CreateTableCommand(table));
    await waitUntilTableExists(
      { client, maxWaitTime: 30, minDelay: 0.01, maxDelay: 0.1 },
      { TableName: table.TableName },
    );
    made.set(name, table);
  }
  client.destroy();
  return made;
}

/** The URL of a new queue. */
export async function makeQueue(endpoints: Endpoints): Promise<string> {
  const client = new SQSClient(awsSettings(endpoints));
  const { QueueUrl } = await client.send(new CreateQueueCommand({ QueueName: randomUUID() }));
  client.destroy();
  if (QueueUrl === undefined) throw new Error('the queue has no URL');
  return QueueUrl;
}

/** The name of a new bucket. */
export async function makeBucket(endpoints: Endpoints): Promise<string> {
  const client = new S3Client({ ...awsSettings(endpoints), forcePathStyle: true });
  const Bucket = randomUUID();
  await client.send(new CreateBucketCommand({ Bucket }));
  client.destroy();
  return Bucket;
}
