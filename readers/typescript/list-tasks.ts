import { paginateQuery, type QueryCommandInput } from '@aws-sdk/client-dynamodb';

import { inGroups } from './ahead.ts';
import type { ReaderDependencies } from './dependencies.ts';
import { type ListedTask, toListedTask } from './listed-task.ts';
import type { IndexQuery } from './selection.ts';

const indexNames = { project: 'byProject', batch: 'byBatch' } as const;

/** The tasks of a selection as the index has them, in groups of so many, each task once. */
export async function* listTasks(
  dependencies: ReaderDependencies,
  { keys, ...query }: IndexQuery & { readonly keys: readonly string[] },
  groupSize: number,
): AsyncGenerator<readonly ListedTask[]> {
  const seen = new Set<string>();
  for (const [at, key] of keys.entries()) {
    const isLast = at === keys.length - 1;
    for await (const tasks of inGroups(pagesOf(dependencies, query, key), groupSize)) {
      const fresh = tasks.filter(({ taskId }) => !seen.has(taskId));
      // The last key holds nearly all, and nobody comes after it.
      if (!isLast) for (const { taskId } of fresh) seen.add(taskId);
      yield fresh;
    }
  }
}

async function* pagesOf(
  { dynamodb: client, tasksTable, numbers }: ReaderDependencies,
  query: IndexQuery,
  key: string,
): AsyncGenerator<readonly ListedTask[]> {
  const input = queryInput(query, key);
  for await (const { Items = [] } of paginateQuery(
    { client },
    { TableName: tasksTable, ...input },
  )) {
    yield Items.map((item) => toListedTask(item, numbers));
  }
}

/** Behind every time, and before the next status. */
const END = '~';

/**
 * With a status only its part of the index is read, from and to the times that are asked for. The filter stands beside it: a
 * task that has never been completed has its time of creation in the key.
 */
function queryInput(
  { kind, status, after, before }: IndexQuery,
  key: string,
): Omit<QueryCommandInput, 'TableName'> {
  const names: Record<string, string> = { '#kind': kind };
  const values: Record<string, { S: string }> = { ':key': { S: key } };
  let condition = '#kind = :key';
  if (status !== undefined) {
    condition += ' AND statusTime BETWEEN :low AND :high';
    values[':low'] = { S: `${status}#${after ?? ''}` };
    values[':high'] = { S: `${status}#${before ?? END}` };
  }
  const filters: string[] = [];
  if (after !== undefined) filters.push('completedAt >= :after');
  if (before !== undefined) filters.push('completedAt < :before');
  if (after !== undefined) values[':after'] = { S: after };
  if (before !== undefined) values[':before'] = { S: before };
  return {
    IndexName: indexNames[kind],
    KeyConditionExpression: condition,
    ...(filters.length > 0 && { FilterExpression: filters.join(' AND ') }),
    ExpressionAttributeNames: names,
    ExpressionAttributeValues: values,
  };
}
