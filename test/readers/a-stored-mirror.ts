import { DynamoDBClient } from '@aws-sdk/client-dynamodb';

import { createMirror, type Mirror as Reader } from '../../readers/typescript/mirror.ts';
import type { Numbers } from '../../readers/typescript/parse-json.ts';
import { createDirectory } from '../../shared/coverage/dynamo-directory.ts';
import type { Directory } from '../../shared/coverage/directory.ts';
import { createTaskTable } from '../../shared/tasks/dynamo-task-table.ts';
import type { TaskTable } from '../../shared/tasks/task-table.ts';
import { createTable } from '../support/aws-resources.ts';
import type { Bodies } from '../../shared/documents/bodies.ts';
import { inMemoryBodies } from '../support/in-memory-bodies.ts';
import { aMirror, type Mirror } from '../support/worker-driver.ts';

/** A worker that writes to tables of the emulator, and a reader of the same. */
export interface StoredMirror {
  readonly reader: Reader;
  /** One whose `fields` have numbers of another kind. */
  readonly readerWith: (numbers: Numbers | undefined) => Reader;
  /** Of the reader alone, for tests that make it fail. */
  readonly client: DynamoDBClient;
  readonly worker: Mirror;
  readonly table: TaskTable;
  readonly directory: Directory;
  readonly bodies: Bodies;
  readonly names: { readonly tasksTable: string; readonly mirrorStateTable: string };
}

export interface StoredMirrorOptions {
  /** Stands between worker and table. */
  readonly wrapTable?: (table: TaskTable) => TaskTable;
  readonly bodies?: Bodies;
}

const opened: DynamoDBClient[] = [];

afterEach(() => {
  for (const client of opened.splice(0)) client.destroy();
});

function aClient(): DynamoDBClient {
  const client = new DynamoDBClient({});
  opened.push(client);
  return client;
}

export async function aStoredMirror({
  wrapTable = (table) => table,
  bodies = inMemoryBodies(),
}: StoredMirrorOptions = {}): Promise<StoredMirror> {
  const writer = aClient();
  const tasksTable = await createTable(writer, 'Tasks');
  const mirrorStateTable = await createTable(writer, 'MirrorState');
  const sleep = () => Promise.resolve();
  const table = createTaskTable({ client: writer, tableName: tasksTable, bodies, sleep });
  const directory = createDirectory({ client: writer, tableName: mirrorStateTable });
  const worker = aMirror({ wrapTable: () => wrapTable(table), directory });
  const client = aClient();
  const readerWith = (numbers: Numbers | undefined) =>
    createMirror({
      ...{ dynamodb: client, tasksTable, mirrorStateTable, bodies, sleep, numbers },
      clock: worker.clock,
      random: () => 1,
      concurrency: 4,
    });
  const reader = readerWith(undefined);
  const names = { tasksTable, mirrorStateTable };
  return { reader, readerWith, client, worker, table, directory, bodies, names };
}

export async function all<One>(sequence: AsyncIterable<One>): Promise<One[]> {
  const list: One[] = [];
  for await (const one of sequence) list.push(one);
  return list;
}

/** What the arrangement of a test has made sure of. */
export function required<Value>(value: Value | undefined): Value {
  if (value === undefined) throw new Error('there is none');
  return value;
}
