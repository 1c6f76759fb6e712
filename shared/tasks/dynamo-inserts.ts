import {
  BatchExecuteStatementCommand,
  type BatchStatementRequest,
  type DynamoDBClient,
  DynamoDBServiceException,
} from '@aws-sdk/client-dynamodb';
import DataLoader from 'dataloader';

import { isThrottled } from '../platform/is-throttled.ts';
import type { Item } from './head-item.ts';

export interface InsertsSettings {
  readonly client: DynamoDBClient;
  readonly tableName: string;
  /** After which a call is given up, tries and all. */
  readonly longestMs: number;
  /** Told why a call was refused as a whole, or a statement by the policy: each item then costs a call of its own. */
  readonly onRefused?: ((error: unknown) => void) | undefined;
}

/**
 * Writes an item whose key is new, together with others. True where this call has written it. False says nothing of what is in the
 * table: the item may be there already, DynamoDB may have had no room, or nothing was tried. Only a write of its own can tell.
 */
export type Insert = (item: Item) => Promise<boolean>;

/** DynamoDB's limit for one BatchExecuteStatement. */
const MOST_STATEMENTS = 25;

/** All that a call can carry is then 1.6 MB. What is larger would hold up the others, and gains least. */
const LARGEST_TOGETHER_BYTES = 64 * 1024;

/**
 * Inserts that are asked for in one turn of the event loop become one call: PartiQL's INSERT is a PutItem on the condition that
 * there is no item, for the same write units, and each succeeds or fails alone (docs/decisions/016). Throws where the call
 * as a whole found no room, or no answer.
 */
export function createInserts(settings: InsertsSettings): Insert {
  const loader = new DataLoader((items: readonly Item[]) => insertAll(settings, items), {
    cache: false,
    maxBatchSize: MOST_STATEMENTS,
    batchScheduleFn: setImmediate,
  });
  return (item) => (isSmall(item) ? loader.load(item) : Promise.resolve(false));
}

/** As a statement says what a call says by an AccessDeniedException. */
class AccessDenied extends Error {
  override readonly name = 'AccessDenied';
}

async function insertAll(
  { client, tableName, longestMs, onRefused }: InsertsSettings,
  items: readonly Item[],
): Promise<boolean[]> {
  const none = items.map(() => false);
  // Alone it would be the same call in other words.
  if (items.length < 2) return none;
  try {
    const Statements = items.map((item) => insertInto(tableName, item));
    const { Responses = [] } = await client.send(new BatchExecuteStatementCommand({ Statements }), {
      abortSignal: AbortSignal.timeout(longestMs),
    });
    // Of what else goes wrong with a statement the write of its own will tell.
    if (Responses.some((one) => one.Error?.Code === 'AccessDenied'))
      onRefused?.(new AccessDenied());
    return items.map((_, index) => isDone(Responses[index]));
  } catch (error) {
    // Alone each has its chance: what one item is refused for must not hold up the others.
    if (!(error instanceof DynamoDBServiceException) || isThrottled(error)) throw error;
    onRefused?.(error);
    return none;
  }
}

function insertInto(tableName: string, item: Item): BatchStatementRequest {
  const members = Object.keys(item).map((name) => `'${name}': ?`);
  return {
    Statement: `INSERT INTO "${tableName}" VALUE {${members.join(', ')}}`,
    Parameters: Object.values(item),
  };
}

/** An answer of 200 says nothing of a statement: what went wrong stands beside each (API reference). */
function isDone(response: { readonly Error?: unknown } | undefined): boolean {
  return response !== undefined && response.Error === undefined;
}

function isSmall(item: Item): boolean {
  const bytes = Object.values(item).reduce((sum, { B }) => sum + (B?.byteLength ?? 0), 0);
  return bytes <= LARGEST_TOGETHER_BYTES;
}
