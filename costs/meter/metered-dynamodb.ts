import {
  type CreateTableCommandInput,
  type DynamoDBClient,
  GetItemCommand,
} from '@aws-sdk/client-dynamodb';
import * as v from 'valibot';

import type { Item } from './item-size.ts';
import { type Inserted, insertsOf, insertsOutput } from './inserts.ts';
import type { Meter } from './meter.ts';
import { indexUnits, type MeteredTable, readUnits, writeUnits } from './write-units.ts';

/** A write as a stream tells it. */
export interface Written {
  readonly table: string;
  readonly key: Item;
  readonly before: Item | undefined;
  readonly after: Item | undefined;
}

export interface MeteredDynamodbSettings {
  readonly meter: Meter;
  /** The client that is metered. */
  readonly client: DynamoDBClient;
  /** Looks at items before and after a write; not metered. */
  readonly looking: DynamoDBClient;
  readonly tables: readonly CreateTableCommandInput[];
  /** Where a read or write is counted, by the table's name and the item's key. */
  readonly placeOf: (table: string, key: Item) => string;
  readonly onWritten?: (written: Written) => void;
}

const item = v.custom<Item>((value) => typeof value === 'object' && value !== null);
const putInput = v.object({ TableName: v.string(), Item: item });
const keyInput = v.object({ TableName: v.string(), Key: item });
const getInput = v.object({ ...keyInput.entries, ConsistentRead: v.optional(v.boolean(), false) });
const keysOfTable = v.object({ Keys: v.array(item), ConsistentRead: v.optional(v.boolean()) });
const batchGetInput = v.object({ RequestItems: v.record(v.string(), keysOfTable) });
const queryInput = v.object({ TableName: v.string(), IndexName: v.optional(v.string()) });
const queryOutput = v.object({
  output: v.object({ ConsumedCapacity: v.object({ CapacityUnits: v.number() }) }),
});

type Next = () => Promise<unknown>;

/** Has every call of a client counted by what it really reads and writes. Throws for a command it does not know. */
export function meterDynamodb(settings: MeteredDynamodbSettings): void {
  const { meter, client, looking, placeOf } = settings;
  const tables = new Map(settings.tables.map((table) => [table.TableName ?? '', shapeOf(table)]));
  const tableOf = (name: string): MeteredTable => {
    const table = tables.get(name);
    if (table === undefined) throw new Error(`the meter does not know the table ${name}`);
    return table;
  };
  const look = async (TableName: string, Key: Item): Promise<Item | undefined> => {
    return (await looking.send(new GetItemCommand({ TableName, Key, ConsistentRead: true }))).Item;
  };
  const tell = (
    name: string,
    key: Item,
    before: Item | undefined,
    after: Item | undefined,
  ): void => {
    const table = tableOf(name);
    meter.add('writeUnits', placeOf(name, key), writeUnits(before, after));
    for (const index of table.indexes) {
      const units = indexUnits(table, index, before, after);
      if (units > 0) meter.add('writeUnits', index.name, units);
    }
    settings.onWritten?.({ table: name, key, before, after });
  };
  /** A condition that does not hold costs what the write would have. */
  const tellFailed = (name: string, key: Item, before: Item | undefined, wanted?: Item): void => {
    const place = `${placeOf(name, key)}, condition failed`;
    meter.add('writeUnits', place, writeUnits(before, wanted));
  };
  const write = async (name: string, key: Item, wanted: Item | undefined, next: Next) => {
    const before = await look(name, key);
    try {
      const result = await next();
      tell(name, key, before, await look(name, key));
      return result;
    } catch (error) {
      if (error instanceof Error && error.name === 'ConditionalCheckFailedException') {
        tellFailed(name, key, before, wanted);
      }
      throw error;
    }
  };
  /** Each statement costs what its write alone would, and fails alone. */
  const insert = async (inserts: readonly Inserted[], next: Next) => {
    const writes = await Promise.all(
      inserts.map(async ({ table, item: wanted }) => {
        const key = pick(wanted, tableOf(table).keys);
        return { table, key, wanted, before: await look(table, key) };
      }),
    );
    const result = await next();
    const { Responses } = v.parse(insertsOutput, result).output;
    for (const [index, { table, key, wanted, before }] of writes.entries()) {
      if (Responses[index]?.Error === undefined) tell(table, key, before, await look(table, key));
      else tellFailed(table, key, before, wanted);
    }
    return result;
  };
  const read = async (name: string, Key: Item, isConsistent: boolean): Promise<void> => {
    meter.add('readUnits', placeOf(name, Key), readUnits(await look(name, Key), isConsistent));
  };
  const count = async (command: string, input: unknown, next: Next) => {
    switch (command) {
      case 'PutItemCommand': {
        const { TableName, Item: wanted } = v.parse(putInput, input);
        return write(TableName, pick(wanted, tableOf(TableName).keys), wanted, next);
      }
      case 'UpdateItemCommand':
      case 'DeleteItemCommand': {
        const { TableName, Key } = v.parse(keyInput, input);
        return write(TableName, Key, undefined, next);
      }
      case 'GetItemCommand': {
        const { TableName, Key, ConsistentRead } = v.parse(getInput, input);
        await read(TableName, Key, ConsistentRead);
        return next();
      }
      case 'BatchGetItemCommand': {
        const { RequestItems } = v.parse(batchGetInput, input);
        for (const [name, { Keys, ConsistentRead = false }] of Object.entries(RequestItems)) {
          for (const Key of Keys) await read(name, Key, ConsistentRead);
        }
        return next();
      }
      case 'BatchExecuteStatementCommand':
        return insert(insertsOf(input), next);
      case 'QueryCommand': {
        const { TableName, IndexName } = v.parse(queryInput, input);
        const result = await next();
        const { CapacityUnits } = v.parse(queryOutput, result).output.ConsumedCapacity;
        // What finds nothing costs the least, which dynalite leaves out.
        meter.add('readUnits', IndexName ?? placeOf(TableName, {}), Math.max(0.5, CapacityUnits));
        return result;
      }
      default:
        throw new Error(`the meter does not know what ${command} costs`);
    }
  };
  client.middlewareStack.add(
    (next, { commandName = '' }) =>
      async (args) => {
        // What a query reads is more than what it answers: DynamoDB has to say it.
        const asked =
          commandName === 'QueryCommand'
            ? { ...args, input: { ...args.input, ReturnConsumedCapacity: 'TOTAL' as const } }
            : args;
        let result: Awaited<ReturnType<typeof next>> | undefined;
        await count(commandName, args.input, async () => (result = await next(asked)));
        if (result === undefined) throw new Error('a metered call was not made');
        return result;
      },
    { step: 'initialize', name: 'meter' },
  );
}

function shapeOf({
  KeySchema = [],
  GlobalSecondaryIndexes = [],
}: CreateTableCommandInput): MeteredTable {
  return {
    keys: KeySchema.map(({ AttributeName = '' }) => AttributeName),
    indexes: GlobalSecondaryIndexes.map((index) => ({
      name: index.IndexName ?? '',
      keys: (index.KeySchema ?? []).map(({ AttributeName = '' }) => AttributeName),
      others:
        index.Projection?.ProjectionType === 'ALL'
          ? undefined
          : (index.Projection?.NonKeyAttributes ?? []),
    })),
  };
}

function pick(from: Item, names: readonly string[]): Item {
  return Object.fromEntries(Object.entries(from).filter(([name]) => names.includes(name)));
}
