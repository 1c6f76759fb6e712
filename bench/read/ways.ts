import { gunzipSync } from 'node:zlib';

import {
  type AttributeValue,
  BatchGetItemCommand,
  DynamoDBClient,
  GetItemCommand,
  paginateQuery,
} from '@aws-sdk/client-dynamodb';

import { openMirror } from '../../readers/typescript/open-mirror.ts';

import { TABLE } from './stored-batch.ts';

type Item = Record<string, AttributeValue>;

/** As many as the reader has. */
const CALLS_AT_ONCE = 8;

const KEYS_AT_ONCE = 100;

interface Ways {
  readonly dynamodb: DynamoDBClient;
  /** Each reads the text of all documents of the batch, and answers how many. */
  readonly reader: () => Promise<number>;
  readonly rawBatchGet: () => Promise<number>;
  readonly getItem: () => Promise<number>;
  readonly close: () => void;
}

export async function openWays(dynamodbUrl: string, batch: string): Promise<Ways> {
  const settings = {
    endpoint: dynamodbUrl,
    region: 'us-east-1',
    credentials: { accessKeyId: 'bench', secretAccessKey: 'bench' },
  };
  const dynamodb = new DynamoDBClient(settings);
  const names = { tasksTable: TABLE, mirrorStateTable: 'MirrorState' };
  const mirror = await openMirror({ ...names, dynamodb });
  return {
    dynamodb,
    close: () => {
      dynamodb.destroy();
    },
    reader: async () => {
      let read = 0;
      const tasks = mirror.tasks({ batch, status: 'completed' }, { documents: true });
      for await (const { document } of tasks) if (document.text.length > 0) read += 1;
      return read;
    },
    rawBatchGet: async () => {
      const keys = await keysOf(dynamodb, batch);
      let next = 0;
      let read = 0;
      const lanes = Array.from({ length: CALLS_AT_ONCE }, async () => {
        while (next < keys.length) {
          const Keys = keys.slice(next, next + KEYS_AT_ONCE);
          next += KEYS_AT_ONCE;
          const get = new BatchGetItemCommand({ RequestItems: { [TABLE]: { Keys } } });
          const { Responses } = await dynamodb.send(get);
          for (const item of Responses?.[TABLE] ?? []) if (textOf(item) !== '') read += 1;
        }
      });
      await Promise.all(lanes);
      return read;
    },
    getItem: async () => {
      let read = 0;
      for (const Key of await keysOf(dynamodb, batch)) {
        const { Item } = await dynamodb.send(new GetItemCommand({ TableName: TABLE, Key }));
        if (textOf(Item) !== '') read += 1;
      }
      return read;
    },
  };
}

async function keysOf(client: DynamoDBClient, batch: string): Promise<Item[]> {
  const pages = paginateQuery(
    { client },
    {
      TableName: TABLE,
      IndexName: 'byBatch',
      KeyConditionExpression: '#batch = :batch AND begins_with(statusTime, :completed)',
      ExpressionAttributeNames: { '#batch': 'batch' },
      ExpressionAttributeValues: { ':batch': { S: batch }, ':completed': { S: 'completed#' } },
    },
  );
  const keys: Item[] = [];
  for await (const { Items = [] } of pages) {
    for (const { taskId, current } of Items) {
      if (taskId !== undefined && current !== undefined) keys.push({ taskId, record: current });
    }
  }
  return keys;
}

function textOf(item: Item | undefined): string {
  return gunzipSync(item?.['body']?.B ?? '').toString('utf8');
}
