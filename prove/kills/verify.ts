import { setTimeout as sleep } from 'node:timers/promises';

import { type AttributeValue, DynamoDBClient, QueryCommand } from '@aws-sdk/client-dynamodb';
import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { GetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';

import { decompress } from '../../shared/documents/compression.ts';
import { callbackOf } from './callbacks.ts';
import type { Ready } from './stack.ts';

/** What became of the callbacks that were answered 200. */
export interface Verdict {
  /** Ids of tasks that are not in `Tasks`. */
  readonly missing: string[];
  /** Stored, and not byte for byte what was sent. */
  readonly altered: string[];
  /** Counted more than once, or stored more than once. */
  readonly duplicated: string[];
  /** Messages that were given up after too many tries. */
  readonly deadLetters: number;
}

type Item = Record<string, AttributeValue>;

/** A stack that stores nothing for so long has nothing more to store. */
const IDLE_MS = 30_000;
const PAUSE_MS = 100;

const aws = { region: 'us-east-1', credentials: { accessKeyId: 'any', secretAccessKey: 'any' } };

/** Waits until each task is there, or nothing more comes, and compares all with what was sent. */
export async function verify(
  { dynamodbUrl, awsUrl }: Ready,
  seed: number,
  acknowledged: ReadonlySet<number>,
): Promise<Verdict> {
  const dynamodb = new DynamoDBClient({ ...aws, endpoint: dynamodbUrl });
  const s3 = new S3Client({ ...aws, endpoint: awsUrl });
  const verdict: Omit<Verdict, 'deadLetters'> = { missing: [], altered: [], duplicated: [] };
  let giveUpAt = Date.now() + IDLE_MS;
  for (const number of acknowledged) {
    const { taskId, task } = callbackOf(seed, number);
    let items = await recordsOf(dynamodb, taskId);
    while (headOf(items) === undefined && Date.now() < giveUpAt) {
      await sleep(PAUSE_MS);
      items = await recordsOf(dynamodb, taskId);
    }
    const head = headOf(items);
    if (head === undefined) {
      verdict.missing.push(taskId);
      continue;
    }
    giveUpAt = Date.now() + IDLE_MS;
    if (head['revision']?.N !== '1' || items.length !== 2) verdict.duplicated.push(taskId);
    const current = items.find(({ record }) => record?.S === head['current']?.S);
    if ((await textOf(s3, current)) !== task) verdict.altered.push(taskId);
  }
  dynamodb.destroy();
  s3.destroy();
  return { ...verdict, deadLetters: await countDeadLetters(awsUrl) };
}

async function countDeadLetters(awsUrl: string): Promise<number> {
  const client = new SQSClient({ ...aws, endpoint: awsUrl });
  const name = 'ApproximateNumberOfMessages';
  const { Attributes } = await client.send(
    new GetQueueAttributesCommand({
      QueueUrl: `${awsUrl}/000000000000/TaskDeadLetters`,
      AttributeNames: [name],
    }),
  );
  client.destroy();
  return Number(Attributes?.[name]);
}

function headOf(items: readonly Item[]): Item | undefined {
  return items.find(({ record }) => record?.S === 'task');
}

async function recordsOf(client: DynamoDBClient, taskId: string): Promise<Item[]> {
  const { Items = [] } = await client.send(
    new QueryCommand({
      TableName: 'Tasks',
      ConsistentRead: true,
      KeyConditionExpression: 'taskId = :taskId',
      ExpressionAttributeValues: { ':taskId': { S: taskId } },
    }),
  );
  return Items;
}

/** The document's text; `undefined` where it, or its body, is not there. */
async function textOf(client: S3Client, document: Item | undefined): Promise<string | undefined> {
  const inline = document?.['body']?.B;
  if (inline !== undefined) return decompress(inline);
  const Key = document?.['bodyKey']?.S;
  if (Key === undefined) return undefined;
  const { Body } = await client.send(new GetObjectCommand({ Bucket: 'bodies', Key }));
  return Body && decompress(await Body.transformToByteArray());
}
