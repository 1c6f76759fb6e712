import {
  BatchExecuteStatementCommand,
  type BatchExecuteStatementCommandOutput,
  DynamoDBClient,
  GetItemCommand,
} from '@aws-sdk/client-dynamodb';

import { localCredentials } from '../../local/emulators/credentials.ts';
import { type Dynamodb, startDynamodb } from '../../local/emulators/dynamodb.ts';
import { createTable } from '../support/aws-resources.ts';

let dynamodb: Dynamodb;
let client: DynamoDBClient;
let TableName: string;

beforeAll(async () => {
  dynamodb = await startDynamodb({ port: 0, path: undefined, tables: [] });
  client = new DynamoDBClient({ ...localCredentials, endpoint: dynamodb.url });
  TableName = await createTable(client, 'Tasks');
});

afterAll(async () => {
  client.destroy();
  await dynamodb.close();
});

const item = (taskId: string, members: object = {}) => ({
  taskId: { S: taskId },
  record: { S: 'task' },
  ...members,
});

const insert = (values: object, table = TableName) => ({
  Statement: `INSERT INTO "${table}" VALUE {${Object.keys(values)
    .map((name) => `'${name}': ?`)
    .join(', ')}}`,
  Parameters: Object.values(values) as { S: string }[],
});

const execute = (...Statements: { Statement: string; Parameters?: { S: string }[] }[]) =>
  client.send(new BatchExecuteStatementCommand({ Statements }));

const codes = ({ Responses = [] }: BatchExecuteStatementCommandOutput) =>
  Responses.map(({ Error }) => Error?.Code);

const read = async (taskId: string) => {
  const Key = { taskId: { S: taskId }, record: { S: 'task' } };
  return (await client.send(new GetItemCommand({ TableName, Key, ConsistentRead: true }))).Item;
};

test('new items are there with all their attributes', async () => {
  const whole = item('whole', {
    body: { B: Buffer.from('bytes') },
    from: { N: '1' },
    map: { M: { a: { L: [{ NULL: true }] } } },
  });

  expect(codes(await execute(insert(whole), insert(item('bare'))))).toEqual([undefined, undefined]);

  await expect(read('whole')).resolves.toEqual({
    ...whole,
    body: { B: new Uint8Array(Buffer.from('bytes')) },
  });
  await expect(read('bare')).resolves.toEqual(item('bare'));
});

test('one that is there is a duplicate and stays as it is; the others are written', async () => {
  const first = item('first', { by: { S: 'first' } });
  await execute(insert(first));

  const answer = await execute(insert(item('first')), insert(item('second')));

  expect(codes(answer)).toEqual(['DuplicateItem', undefined]);
  await expect(read('first')).resolves.toEqual(first);
  await expect(read('second')).resolves.toEqual(item('second'));
});

test.each([
  ['an item without its key', () => insert({ taskId: { S: 'keyless' } })],
  ['an item with an empty key', () => insert(item(''))],
  ['a number that is none', () => insert(item('odd', { n: { N: 'x' } }))],
  ['an item of more than 400 KB', () => insert(item('large', { s: { S: 'x'.repeat(410_000) } }))],
  [
    'a statement of another kind',
    () => ({ Statement: `DELETE FROM "${TableName}" WHERE taskId = 'a'` }),
  ],
  [
    'fewer parameters than names',
    () => ({ ...insert(item('short')), Parameters: [{ S: 'short' }] }),
  ],
])('%s is a mistake of its own', async (name, statement) => {
  const answer = await execute(statement(), insert(item(`beside ${name}`)));

  expect(codes(answer)).toEqual(['ValidationError', undefined]);
});

test('a table that is not there is said so', async () => {
  expect(codes(await execute(insert(item('x'), 'NoSuchTable')))).toEqual(['ResourceNotFound']);
});

test('more than 25 statements are refused as a whole', async () => {
  const many = Array.from({ length: 26 }, (_, n) => insert(item(`many ${String(n)}`)));

  await expect(execute(...many)).rejects.toMatchObject({ name: 'ValidationException' });
  await expect(read('many 0')).resolves.toBeUndefined();
});
