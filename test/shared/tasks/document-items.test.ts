import { gunzipSync } from 'node:zlib';

import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';

import { createTaskTable } from '../../../shared/tasks/dynamo-task-table.ts';
import type { Item } from '../../../shared/tasks/head-item.ts';
import type { TaskDocument, TaskTable } from '../../../shared/tasks/task-table.ts';
import { createTable } from '../../support/aws-resources.ts';
import { fakeClock } from '../../support/fake-clock.ts';
import { inMemoryBodies, type InMemoryBodies } from '../../support/in-memory-bodies.ts';
import { aDocument, incompressibleText } from '../../support/records.ts';

const client = new DynamoDBClient({});
let tableName: string;
let bodies: InMemoryBodies;
let table: TaskTable;

beforeAll(async () => {
  tableName = await createTable(client, 'Tasks');
});

beforeEach(() => {
  bodies = inMemoryBodies();
  table = createTaskTable({ client, tableName, bodies, sleep: fakeClock().sleep });
});

afterAll(() => {
  client.destroy();
});

/** The item of a document, as anyone sees it who reads the table. */
async function itemOf({ taskId, record }: TaskDocument): Promise<Item> {
  const Key = { taskId: { S: taskId }, record: { S: record } };
  const { Item = {} } = await client.send(new GetItemCommand({ TableName: tableName, Key }));
  return Item;
}

const unzip = (bytes: Uint8Array | undefined): string => gunzipSync(bytes ?? '').toString('utf8');

test('a document has every attribute of the contract', async () => {
  const document = aDocument({ text: '{"é": 1}', envelope: '{"x": 2}', previous: 'document#0' });
  await table.putDocument(document);

  const { body, envelope, ...others } = await itemOf(document);

  expect(unzip(body?.B)).toBe('{"é": 1}');
  expect(unzip(envelope?.B)).toBe('{"x": 2}');
  expect(others).toEqual({
    taskId: { S: document.taskId },
    record: { S: `document#0000000001#${document.sha256}` },
    api: { S: 'v1' },
    source: { S: 'callback' },
    from: { S: '2026-11-21T11:59:59.877Z' },
    until: { S: '2026-11-21T12:00:00.050Z' },
    bytes: { N: '9' },
    substance: { S: document.substance },
    previous: { S: 'document#0' },
  });
});

test('a body of up to 256 KiB stands in the item', async () => {
  const document = aDocument({ text: incompressibleText(347_500) });
  await table.putDocument(document);

  const { body, bodyKey } = await itemOf(document);

  expect(body?.B?.byteLength).toBeGreaterThan(255 * 1_024);
  expect(body?.B?.byteLength).toBeLessThanOrEqual(256 * 1_024);
  expect(bodyKey).toBeUndefined();
  expect(bodies.keys()).toEqual([]);
});

test('a larger body stands in the bucket, and the item says where', async () => {
  const document = aDocument({ text: incompressibleText(348_200) });
  await table.putDocument(document);

  const { body, bodyKey } = await itemOf(document);

  const key = `documents/${document.taskId}/${document.sha256}`;
  expect([body, bodyKey]).toEqual([undefined, { S: key }]);
  const stored = await bodies.get(key);
  expect(stored?.bytes.byteLength).toBeLessThan(257 * 1_024);
  expect(unzip(stored?.bytes) === document.text).toBe(true);
});

test('the largest body and envelope that stand in an item fit in it together', async () => {
  const envelope = incompressibleText(86_500);
  const document = aDocument({ text: incompressibleText(347_500), envelope });
  await table.putDocument(document);

  const item = await itemOf(document);

  expect(item['envelope']?.B?.byteLength).toBeGreaterThan(63 * 1_024);
  expect(bodies.keys()).toEqual([]);
});

test('nothing is in the table while the bucket does not take the body', async () => {
  bodies.failure = new Error('S3 is down');
  const document = aDocument({ text: incompressibleText(348_200) });

  await expect(table.putDocument(document)).rejects.toThrow('S3 is down');

  await expect(itemOf(document)).resolves.toEqual({});
});

test('a document whose object is gone from the bucket is an error, not an absent document', async () => {
  const document = aDocument({ text: incompressibleText(348_200) });
  await table.putDocument(document);
  for (const key of bodies.keys()) await bodies.remove(key);

  await expect(table.getDocument(document.taskId, document.record)).rejects.toThrow(
    `the bucket lacks the object documents/${document.taskId}/`,
  );
});

test('removing a record leaves the object, which another record may point at', async () => {
  const first = aDocument({ text: incompressibleText(348_200) });
  const second = { ...first, record: first.record.replace('0000000001', '0000000002') };
  await table.putDocument(first);
  await table.putDocument(second);

  await table.removeDocument(first.taskId, first.record);

  const read = await table.getDocument(second.taskId, second.record);
  expect(read?.text === second.text).toBe(true);
});

test('a later envelope of the same text leaves the earlier one as it is', async () => {
  const text = '{"task_id":"1"}';
  const envelopes = [100_000, 100_001].map(incompressibleText);
  const [first, second] = envelopes.map((envelope, index) =>
    aDocument({ taskId: 'twice', text, envelope, revision: index + 1 }),
  ) as [TaskDocument, TaskDocument];
  await table.putDocument(first);
  await table.putDocument(second);

  for (const document of [first, second]) {
    expect((await itemOf(document))['envelopeKey']).toBeDefined();
    const read = await table.getDocument(document.taskId, document.record);
    expect(read?.envelope === document.envelope).toBe(true);
  }
});

test('a document that is to expire says so in seconds, as DynamoDB reads it', async () => {
  const document = aDocument();
  await table.putDocument(document);
  expect(await itemOf(document)).not.toHaveProperty('expiresAt');
  await table.expireDocument(document.taskId, document.record, 1_795_262_400_001);
  expect(await itemOf(document)).toMatchObject({ expiresAt: { N: '1795262401' } });
});
