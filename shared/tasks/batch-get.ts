import {
  type AttributeValue,
  BatchGetItemCommand,
  type BatchGetItemCommandOutput,
  type DynamoDBClient,
} from '@aws-sdk/client-dynamodb';

import type { Sleep } from '../platform/clock.ts';

type Item = Record<string, AttributeValue>;

export interface BatchGetSettings {
  readonly client: DynamoDBClient;
  readonly tableName: string;
  readonly sleep: Sleep;
  /** From 0 to 1, for the pauses. */
  readonly random?: (() => number) | undefined;
  /** Calls for one batch, besides those of which the answers were full. */
  readonly attempts?: number;
  readonly isConsistent: boolean;
}

/** DynamoDB's limit for one BatchGetItem. */
export const BATCH_GET_KEYS = 100;

const ATTEMPTS = 6;

/** Less than any answer that was cut: the emulator cuts them behind 1 MiB. */
const FULL_ANSWER_BYTES = 1_000_000;

const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 5_000;

/** DynamoDB answered again and again without some of the items: their partition is throttled. */
class ThrottledReadsError extends Error {
  override readonly name = 'ThrottledReadsError';
}

/**
 * Reads up to {@link BATCH_GET_KEYS} items, in no order. Keys come back unprocessed when a partition is throttled, or when an
 * answer would exceed 16 MB. After a full answer they are asked for at once, else after up to 50 ms, 100 ms, …
 * Throws a {@link ThrottledReadsError} where some stay unprocessed.
 */
export async function batchGet(settings: BatchGetSettings, keys: readonly Item[]): Promise<Item[]> {
  const { client, tableName, sleep, attempts = ATTEMPTS, random = Math.random } = settings;
  const items: Item[] = [];
  let Keys: Item[] = [...keys];
  let attempt = 0;
  while (Keys.length > 0) {
    if (attempt === attempts) {
      throw new ThrottledReadsError(
        `DynamoDB left ${String(Keys.length)} of ${String(keys.length)} items unread after ${String(attempt)} tries`,
      );
    }
    if (attempt > 0) await sleep(pauseMs(attempt) * random());
    const request = { Keys, ConsistentRead: settings.isConsistent };
    const answer: BatchGetItemCommandOutput = await client.send(
      new BatchGetItemCommand({ RequestItems: { [tableName]: request } }),
    );
    const found = answer.Responses?.[tableName] ?? [];
    items.push(...found);
    attempt = isFull(found) ? 0 : attempt + 1;
    Keys = answer.UnprocessedKeys?.[tableName]?.Keys ?? [];
  }
  return items;
}

/** Whether the size of the answer, and not a throttled partition, is why it ends: the limit leaves room for one item at most. */
function isFull(found: readonly Item[]): boolean {
  let bytes = 0;
  for (const attribute of found.flatMap((item) => Object.values(item))) {
    bytes += attribute.B?.byteLength ?? attribute.S?.length ?? 0;
    if (bytes > FULL_ANSWER_BYTES) return true;
  }
  return false;
}

function pauseMs(attempt: number): number {
  return Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (attempt - 1));
}
