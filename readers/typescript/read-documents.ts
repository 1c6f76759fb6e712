import type { AttributeValue } from '@aws-sdk/client-dynamodb';

import { batchGet } from '../../shared/tasks/batch-get.ts';
import { fromDocumentItem } from '../../shared/tasks/document-item.ts';
import { recordKey } from '../../shared/tasks/head-item.ts';
import type { ReaderDependencies } from './dependencies.ts';
import { type TaskDocument, toTaskDocument } from './task-document.ts';

type Item = Record<string, AttributeValue>;

export interface DocumentKey {
  readonly taskId: string;
  readonly record: string;
}

/** Many more than the worker has patience for: a bulk read is what throttles a table. */
const ATTEMPTS = 12;

/**
 * The items of up to 100 documents, in the order of the keys; `undefined` for one that is not there. They are immutable, so
 * the reads need not be consistent, which halves their price.
 */
export async function readDocumentItems(
  { dynamodb: client, tasksTable: tableName, sleep, random }: ReaderDependencies,
  keys: readonly DocumentKey[],
): Promise<readonly (Item | undefined)[]> {
  const settings = { client, tableName, sleep, random, attempts: ATTEMPTS, isConsistent: false };
  // DynamoDB refuses a key that is asked for twice.
  const unique = new Map(keys.map((key) => [keyOf(key.taskId, key.record), key])).values();
  const items = await batchGet(
    settings,
    [...unique].map(({ taskId, record }) => recordKey(taskId, record)),
  );
  const byKey = new Map(items.map((item) => [keyOf(item['taskId']?.S, item['record']?.S), item]));
  return keys.map(({ taskId, record }) => byKey.get(keyOf(taskId, record)));
}

/** Ids may hold any character, records have none of these. */
function keyOf(taskId = '', record = ''): string {
  return `${record} ${taskId}`;
}

/** The document of an item; its body comes from the bucket where it is too big for the table. */
export async function toDocument(
  { bodies }: Pick<ReaderDependencies, 'bodies'>,
  item: Item,
): Promise<TaskDocument> {
  return toTaskDocument(await fromDocumentItem(item, bodies));
}
