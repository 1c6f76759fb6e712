import { CreateTableCommand, DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import * as fc from 'fast-check';

import { type Item, itemBytes } from '../../costs/meter/item-size.ts';
import { createMeter } from '../../costs/meter/meter.ts';
import { meterDynamodb } from '../../costs/meter/metered-dynamodb.ts';
import { indexUnits, readUnits, writeUnits } from '../../costs/meter/write-units.ts';
import { makeTables } from '../../costs/mirror/resources.ts';
import { TABLES } from '../../costs/mirror/tables.ts';
import { sharedEmulators } from './endpoints.ts';

const text = (length: number) => ({ S: 'x'.repeat(length) });

it.each<[string, Item, number]>([
  ['names and text, as UTF-8', { ä: { S: 'ö€' } }, 2 + 5],
  ['a number by its digits', { n: { N: '123456' } }, 1 + 4],
  ['a number below zero', { n: { N: '-12' } }, 1 + 3],
  ['zeros at either end not at all', { n: { N: '0.00100' } }, 1 + 2],
  ['true and null as one byte', { b: { BOOL: true }, n: { NULL: true } }, 4],
  ['bytes', { b: { B: new Uint8Array(10) } }, 11],
  ['a map and its members', { m: { M: { a: { S: 'bc' } } } }, 1 + 3 + 3 + 1],
  ['a list and its elements', { l: { L: [{ S: 'a' }, { S: 'b' }] } }, 1 + 3 + 4],
  ['a set', { s: { SS: ['ab', 'c'] } }, 4],
])('an item counts %s', (_, item, bytes) => {
  expect(itemBytes(item)).toBe(bytes);
});

it('a write costs the larger of both items, a read the item, each at least one unit', () => {
  expect(writeUnits({ a: text(1_023) })).toBe(1);
  expect(writeUnits({ a: text(1_024) }, { a: text(1) })).toBe(2);
  expect(writeUnits(undefined)).toBe(1);
  expect(readUnits({ a: text(4_096) }, true)).toBe(2);
  expect(readUnits(undefined, false)).toBe(0.5);
});

const index = { name: 'byBatch', keys: ['batch', 'time'], others: ['status'] };
const table = { keys: ['taskId'], indexes: [index] };
const entry: Item = { taskId: text(1), batch: text(1), time: text(1), status: text(1) };

it.each<[string, Item | undefined, Item | undefined, number]>([
  ['nothing for an item that is not in it', { taskId: text(1) }, { taskId: text(1) }, 0],
  ['a write for a new entry', undefined, entry, 1],
  ['a write for one that goes', entry, undefined, 1],
  ['nothing where no projected attribute changes', entry, { ...entry, body: text(9_999) }, 0],
  ['a write where one does', entry, { ...entry, status: text(2) }, 1],
  ['a delete and a put where the key changes', entry, { ...entry, time: text(2) }, 2],
])('an index costs %s', (_, before, after, units) => {
  expect(indexUnits(table, index, before, after)).toBe(units);
});

describe('given a metered table', () => {
  const client = new DynamoDBClient({});
  const looking = new DynamoDBClient({});
  const meter = createMeter();
  let TableName = '';

  beforeAll(async () => {
    const tables = await makeTables(sharedEmulators(), { Tasks: TABLES.Tasks });
    TableName = tables.get('Tasks')?.TableName ?? '';
    meterDynamodb({
      ...{ meter, client, looking, tables: [...tables.values()] },
      placeOf: () => 'items',
    });
  });

  afterAll(() => {
    client.destroy();
    looking.destroy();
  });

  it('a condition that does not hold costs what the larger item would', async () => {
    const key = { taskId: text(1), record: text(1) };
    await client.send(new PutItemCommand({ TableName, Item: { ...key, body: text(3_000) } }));
    meter.take();
    const again = new PutItemCommand({
      TableName,
      Item: key,
      ConditionExpression: 'attribute_not_exists(taskId)',
    });
    await expect(client.send(again)).rejects.toThrow();
    expect(meter.take()).toEqual({ writeUnits: { 'items, condition failed': 3 } });
  });

  it('a command that it does not know is an error, so that nothing goes uncounted', async () => {
    const command = new CreateTableCommand({ ...TABLES.Tasks, TableName: 'another' });
    await expect(client.send(command)).rejects.toThrow('CreateTableCommand');
  });

  it('agrees with the emulator on what a write of the table itself costs', async () => {
    const value = fc.oneof(
      fc.string({ maxLength: 3_000 }).map((S) => ({ S })),
      fc.uint8Array({ maxLength: 3_000 }).map((B) => ({ B })),
      fc.integer().map((number) => ({ N: String(number) })),
      fc.boolean().map((BOOL) => ({ BOOL })),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.dictionary(fc.stringMatching(/^x\w{0,9}$/), value, { maxKeys: 4 }),
        async (members) => {
          const Item = { ...members, taskId: { S: 'a' }, record: { S: 'b' } };
          await looking.send(new PutItemCommand({ TableName, Item: { ...Item, ...members } }));
          const put = new PutItemCommand({ TableName, Item, ReturnConsumedCapacity: 'TOTAL' });
          const { ConsumedCapacity } = await looking.send(put);
          expect(writeUnits(Item)).toBe(ConsumedCapacity?.CapacityUnits);
        },
      ),
      { numRuns: 40 },
    );
  });
});
