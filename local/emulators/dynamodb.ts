import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import type { Server } from 'node:http';

import {
  CreateTableCommand,
  type CreateTableCommandInput,
  DescribeTableCommand,
  DynamoDBClient,
  ResourceInUseException,
  waitUntilTableExists,
} from '@aws-sdk/client-dynamodb';

import { type Listening, listen } from '../listen.ts';
import { localCredentials } from './credentials.ts';
import { openDynalite } from './dynalite-store.ts';
import { openTableStream, type TableStream, type TableStreamSettings } from './table-stream.ts';

export interface DynamodbSettings {
  readonly port: number;
  /** `undefined` keeps nothing. */
  readonly path: string | undefined;
  readonly tables: readonly CreateTableCommandInput[];
  /** Tables with a stream, each for one reader. */
  readonly streams?: readonly Omit<TableStreamSettings, 'store'>[];
}

export interface Dynamodb extends Listening {
  /** By the names of their tables. */
  readonly streams: ReadonlyMap<string, TableStream>;
}

/** A DynamoDB on this machine, with the tables of the template. */
export async function startDynamodb(settings: DynamodbSettings): Promise<Dynamodb> {
  const { port, path, tables } = settings;
  if (path !== undefined) await mkdir(path, { recursive: true });
  const { server, store } = openDynalite(path);
  const streams = new Map<string, TableStream>();
  // Before anybody can write.
  for (const stream of settings.streams ?? []) {
    streams.set(stream.table, await openTableStream({ ...stream, store }));
  }
  const listening = await listen(server, port, 'DYNAMODB_PORT');
  const client = new DynamoDBClient({ ...localCredentials, endpoint: listening.url });
  try {
    for (const table of tables) await ensureTable(client, table, path);
  } finally {
    client.destroy();
  }
  return {
    ...listening,
    streams,
    close: () => closeOnceAnswered(server),
  };
}

/** Answers that take longer are given up. */
const LONGEST_GOODBYE_MS = 1_000;
const LOOK_EVERY_MS = 5;

/** What is being answered comes to its end: dynalite's store, which closes next, throws at whoever still works on it. */
async function closeOnceAnswered(server: Server): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  const looking = setInterval(() => {
    server.closeIdleConnections();
  }, LOOK_EVERY_MS);
  const late = setTimeout(() => {
    server.closeAllConnections();
  }, LONGEST_GOODBYE_MS);
  await closed;
  clearInterval(looking);
  clearTimeout(late);
}

async function ensureTable(
  client: DynamoDBClient,
  table: CreateTableCommandInput,
  path: string | undefined,
): Promise<void> {
  try {
    await client.send(new CreateTableCommand(table));
    await waitUntilTableExists(
      { client, maxWaitTime: 30, minDelay: 0.01, maxDelay: 0.1 },
      { TableName: table.TableName },
    );
  } catch (error) {
    if (!(error instanceof ResourceInUseException)) throw error;
    const { Table } = await client.send(new DescribeTableCommand({ TableName: table.TableName }));
    if (indexesOf(Table?.GlobalSecondaryIndexes) === indexesOf(table.GlobalSecondaryIndexes))
      return;
    throw new Error(
      `the data in ${path ?? 'memory'} has other indexes than this version: move DATA_DIR away and start again`,
      { cause: error },
    );
  }
}

interface IndexKeys {
  readonly IndexName?: string | undefined;
  readonly KeySchema?: readonly { readonly AttributeName?: string | undefined }[] | undefined;
}

function indexesOf(indexes: readonly IndexKeys[] = []): string {
  return indexes
    .map(({ IndexName, KeySchema = [] }) =>
      [IndexName, ...KeySchema.map(({ AttributeName }) => AttributeName)].join(' '),
    )
    .sort()
    .join(', ');
}
