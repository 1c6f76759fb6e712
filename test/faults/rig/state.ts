import { createHash } from 'node:crypto';

import { type AttributeValue, paginateScan } from '@aws-sdk/client-dynamodb';

import { createBodies } from '../../../shared/documents/bodies.ts';
import { createTaskTable } from '../../../shared/tasks/dynamo-task-table.ts';
import { fromHeadItem } from '../../../shared/tasks/head-item.ts';
import type { Clients } from './clients.ts';
import type { Resources } from './resources.ts';

type Item = Record<string, AttributeValue>;

async function itemsOf({ dynamodb: client }: Clients, TableName: string): Promise<Item[]> {
  const items: Item[] = [];
  for await (const { Items = [] } of paginateScan({ client }, { TableName })) items.push(...Items);
  return items;
}

function readersOf({ dynamodb, s3 }: Clients, { tasks, bucket }: Resources) {
  const bodies = createBodies({ client: s3, bucketName: bucket });
  const sleep = () => Promise.resolve();
  return {
    bodies,
    table: createTaskTable({ client: dynamodb, tableName: tasks, bodies, sleep }),
  };
}

const isHead = (item: Item): boolean => item['record']?.S === 'task';

/** Pointers of heads to documents that are not there whole: the record, its body, and the hash in its name. */
export async function danglingPointers(plain: Clients, resources: Resources): Promise<string[]> {
  const { table } = readersOf(plain, resources);
  const problems: string[] = [];
  for (const item of (await itemsOf(plain, resources.tasks)).filter(isHead)) {
    const { taskId, current, documents } = fromHeadItem(item);
    const pointers = new Set([current, ...Object.values(documents).map(({ record }) => record)]);
    for (const record of pointers) {
      const found = await table.getDocument(taskId, record).catch((error: unknown) => error);
      const text = (found as { text?: string } | undefined)?.text;
      if (text === undefined) problems.push(`${taskId} points at ${record}, which is not there`);
      else if (!record.endsWith(sha256(text))) problems.push(`${record} holds another text`);
    }
  }
  return problems;
}

/** All that the mirror keeps, less what depends on how long things took. */
export async function stateOf(
  plain: Clients,
  resources: Resources,
  isOrderOpen = false,
): Promise<object> {
  const { table, bodies } = readersOf(plain, resources);
  const items = await itemsOf(plain, resources.tasks);
  const heads = items.filter(isHead);
  const histories = await Promise.all(
    heads.map(async (item) => [item['taskId']?.S, await table.getHistory(fromHeadItem(item))]),
  );
  const keys = (await bodies.list('')).map(({ key }) => key);
  const unrecognised = keys.filter((key) => key.startsWith('unrecognised/'));
  const kept = await Promise.all(unrecognised.map((key) => bodies.get(key)));
  return {
    ...(isOrderOpen
      ? { tasks: heads.map(endOf).sort() }
      : {
          heads: timeless(heads),
          documents: items
            .filter((item) => !isHead(item))
            .map(recordOf)
            .sort(),
          histories: timeless(histories),
        }),
    mirrorState: timeless((await itemsOf(plain, resources.mirrorState)).filter(isOfTheMirror)),
    objects: keys.filter((key) => key.startsWith('documents/')).sort(),
    unrecognised: kept.map((body) => sha256(body?.bytes ?? '')).sort(),
    inbox: keys.filter((key) => key.startsWith('inbox/')),
  };
}

/** How far a run was, and what v1 has answered, are of no matter in the end. */
const isOfTheMirror = ({ scope }: Item): boolean => !['run', 'account'].includes(scope?.S ?? '');

/** What a task is in the end, however it came there: its status and the hash of its document. */
const endOf = ({ taskId, status, current }: Item): string =>
  [taskId?.S, status?.S, current?.S?.replace(/^document#\d+#/, '')].join(' ');

const recordOf = (item: Item): string => `${item['taskId']?.S ?? ''} ${item['record']?.S ?? ''}`;

function sha256(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}

/** Counts writes, times of reads and writes, whose they were: all of that may differ after a failure. */
const VARYING = [
  ...['mirroredAt', 'changedAt', 'observedFrom', 'observedUntil', 'from', 'until', 'version'],
  // A page that failed is asked for smaller.
  ...['walkedAt', 'lastWalkedAt', 'openedAt', 'triedAt', 'checkedAt', 'limit', 'settled'],
  ...['startedAt', 'finishedAt', 'idsKey'],
];

function timeless(items: readonly unknown[]): unknown[] {
  const text = (item: unknown) =>
    JSON.stringify(item, (name, value: unknown) => (VARYING.includes(name) ? undefined : value));
  return sortedByText(items.map((item) => JSON.parse(text(item)) as unknown));
}

function sortedByText<T>(all: readonly T[]): T[] {
  return all.toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
}
