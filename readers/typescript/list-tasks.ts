import { paginateQuery, type QueryCommandInput } from '@aws-sdk/client-dynamodb';

import { inGroups } from './ahead.ts';
import type { ReaderDependencies } from './dependencies.ts';
import { type ListedTask, toListedTask } from './listed-task.ts';
import type { IndexQuery } from './selection.ts';

const indexNames = { project: 'byProject', batch: 'byBatch' } as const;

/**
 * The tasks of a selection as the index has them, in groups of so many. A task that moves within the index meanwhile, along the way that
 * tasks go (see {@link rangesOf}), is met where it was or where it is then, and comes once; one that is completed anew may come twice.
 */
export async function* listTasks(
  dependencies: ReaderDependencies,
  { keys, ...query }: IndexQuery & { readonly keys: readonly string[] },
  groupSize: number,
): AsyncGenerator<readonly ListedTask[]> {
  const seen = new Set<string>();
  const parts = keys.flatMap((key) => rangesOf(query).map((range) => ({ key, range })));
  for (const [at, part] of parts.entries()) {
    const isLast = at === parts.length - 1;
    for await (const tasks of inGroups(pagesOf(dependencies, query, part), groupSize)) {
      const fresh = tasks.filter(({ taskId }) => !seen.has(taskId));
      // The last part holds nearly all, and nobody comes after it.
      if (!isLast) for (const { taskId } of fresh) seen.add(taskId);
      yield fresh;
    }
  }
}

async function* pagesOf(
  { dynamodb: client, tasksTable, numbers }: ReaderDependencies,
  query: IndexQuery,
  part: Part,
): AsyncGenerator<readonly ListedTask[]> {
  const input = queryInput(query, part);
  for await (const { Items = [] } of paginateQuery(
    { client },
    { TableName: tasksTable, ...input },
  )) {
    yield Items.map((item) => toListedTask(item, numbers));
  }
}

/** Of the index, under one key. */
interface Part {
  readonly key: string;
  readonly range: Range;
}

/** Of `<status>#<time>`, as a condition. */
interface Range {
  readonly condition: string;
  readonly values: Readonly<Record<string, string>>;
  readonly isForward: boolean;
}

/** Behind every time, and before the next status. */
const END = '~';

/**
 * With a status only its part of the index is read, from and to the times that are asked for. Else in the order in which tasks move: what
 * is open backwards, `pending` and then `error`, and after that forwards `canceled`, `completed`, where who is completed anew comes last,
 * and `deleted`. One direction alone would pass a task that moves against it.
 */
function rangesOf({ status, after, before }: IndexQuery): readonly Range[] {
  if (status === undefined) {
    const values = { ':open': 'error' };
    return [
      { condition: 'statusTime >= :open', values, isForward: false },
      { condition: 'statusTime < :open', values, isForward: true },
    ];
  }
  const values = { ':low': `${status}#${after ?? ''}`, ':high': `${status}#${before ?? END}` };
  return [{ condition: 'statusTime BETWEEN :low AND :high', values, isForward: true }];
}

/** The filter stands beside the range: a task that has never been completed has its time of creation in the key. */
function queryInput(
  { kind, after, before }: IndexQuery,
  { key, range }: Part,
): Omit<QueryCommandInput, 'TableName'> {
  const values: Record<string, string> = { ':key': key, ...range.values };
  const filters: string[] = [];
  if (after !== undefined) {
    filters.push('completedAt >= :after');
    values[':after'] = after;
  }
  if (before !== undefined) {
    filters.push('completedAt < :before');
    values[':before'] = before;
  }
  return {
    IndexName: indexNames[kind],
    KeyConditionExpression: `#kind = :key AND ${range.condition}`,
    ScanIndexForward: range.isForward,
    ...(filters.length > 0 && { FilterExpression: filters.join(' AND ') }),
    ExpressionAttributeNames: { '#kind': kind },
    ExpressionAttributeValues: Object.fromEntries(
      Object.entries(values).map(([name, S]) => [name, { S }]),
    ),
  };
}
