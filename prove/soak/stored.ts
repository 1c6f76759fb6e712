import { BatchGetItemCommand, DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';

import { decompress } from '../../shared/documents/compression.ts';
import { callbackOf } from './callback.ts';

/** What the table holds of tasks. */
export interface StoredTasks {
  /** Numbers of tasks that have no head; one document of each hundred is compared byte for byte, and counts as well. */
  missing(prefix: string, numbers: readonly number[]): Promise<number[]>;
  close(): void;
}

const TABLE = 'Tasks';
const HUNDRED = 100;

export function openStoredTasks(dynamodbUrl: string): StoredTasks {
  const client = new DynamoDBClient({
    endpoint: dynamodbUrl,
    region: 'us-east-1',
    credentials: { accessKeyId: 'soak', secretAccessKey: 'soak' },
  });
  return {
    missing: async (prefix, numbers) => {
      const missing: number[] = [];
      for (let at = 0; at < numbers.length; at += HUNDRED) {
        const some = numbers.slice(at, at + HUNDRED);
        const currents = await readCurrents(client, prefix, some);
        missing.push(...some.filter((number) => !currents.has(callbackOf(prefix, number).taskId)));
        const [first] = some;
        if (first === undefined || missing.includes(first)) continue;
        if (!(await isExact(client, prefix, first, currents))) missing.push(first);
      }
      return missing;
    },
    close: () => {
      client.destroy();
    },
  };
}

/** The record that counts of each task that has a head. */
async function readCurrents(
  client: DynamoDBClient,
  prefix: string,
  numbers: readonly number[],
): Promise<ReadonlyMap<string, string>> {
  const currents = new Map<string, string>();
  let Keys = numbers.map((number) => ({
    taskId: { S: callbackOf(prefix, number).taskId },
    record: { S: 'task' },
  }));
  while (Keys.length > 0) {
    const { Responses, UnprocessedKeys } = await client.send(
      new BatchGetItemCommand({ RequestItems: { [TABLE]: { Keys, ConsistentRead: true } } }),
    );
    for (const { taskId, current } of Responses?.[TABLE] ?? []) {
      if (taskId?.S !== undefined) currents.set(taskId.S, current?.S ?? '');
    }
    const left = UnprocessedKeys?.[TABLE]?.Keys ?? [];
    const leftIds = new Set(left.map(({ taskId }) => taskId?.S));
    Keys = Keys.filter(({ taskId }) => leftIds.has(taskId.S));
  }
  return currents;
}

async function isExact(
  client: DynamoDBClient,
  prefix: string,
  number: number,
  currents: ReadonlyMap<string, string>,
): Promise<boolean> {
  const { taskId, task } = callbackOf(prefix, number);
  const Key = { taskId: { S: taskId }, record: { S: currents.get(taskId) ?? '' } };
  const { Item } = await client.send(new GetItemCommand({ TableName: TABLE, Key }));
  const body = Item?.['body']?.B;
  return body !== undefined && (await decompress(body)) === task;
}
