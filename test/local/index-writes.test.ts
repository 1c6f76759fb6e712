import {
  type AttributeValue,
  CreateTableCommand,
  DeleteItemCommand,
  DynamoDBClient,
  PutItemCommand,
  ScanCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import fc from 'fast-check';

import { type Dynamodb, startDynamodb } from '../../local/emulators/dynamodb.ts';
import { TABLES } from '../support/aws-resources.ts';

let dynamodb: Dynamodb;
let client: DynamoDBClient;

/** The one table has a stream, the other is dynalite as it comes. */
const [STREAMED, PLAIN] = ['Tasks', 'Plain'];
const INDEXES = (TABLES.Tasks.GlobalSecondaryIndexes ?? []).map(({ IndexName }) => IndexName);

beforeAll(async () => {
  dynamodb = await startDynamodb({
    port: 0,
    path: undefined,
    tables: [TABLES.Tasks],
    streams: [{ table: STREAMED, keys: ['taskId', 'record'], isWanted: () => true }],
  });
  client = new DynamoDBClient({ endpoint: dynamodb.url });
  await client.send(new CreateTableCommand({ ...TABLES.Tasks, TableName: PLAIN }));
});

afterAll(async () => {
  client.destroy();
  await dynamodb.close();
});

const name = fc.constantFrom('a', 'b', undefined);
const action = fc.record({
  kind: fc.constantFrom('put', 'update', 'delete'),
  taskId: fc.constantFrom('task-1', 'task-2', 'task-3'),
  project: name,
  batch: name,
  statusTime: fc.constantFrom('completed#1', 'pending#2'),
});

type Action = typeof action extends fc.Arbitrary<infer Value> ? Value : never;

async function act(TableName: string, one: Action) {
  const { kind, taskId, statusTime, ...names } = one;
  const Key = { taskId: { S: taskId }, record: { S: 'task' } };
  const attributes: Record<string, AttributeValue> = {
    statusTime: { S: statusTime },
    changedAt: { S: `2026#${taskId}` },
  };
  for (const [attribute, value] of Object.entries(names)) {
    if (value !== undefined) attributes[attribute] = { S: value };
  }
  if (kind === 'delete') await client.send(new DeleteItemCommand({ TableName, Key }));
  if (kind === 'put') {
    await client.send(new PutItemCommand({ TableName, Item: { ...Key, ...attributes } }));
  }
  if (kind === 'update') {
    const project = names.project === undefined ? 'REMOVE #project' : 'SET #project = :project';
    await client.send(
      new UpdateItemCommand({
        ...{ TableName, Key, UpdateExpression: project },
        ExpressionAttributeNames: { '#project': 'project' },
        ...(names.project !== undefined && {
          ExpressionAttributeValues: { ':project': { S: names.project } },
        }),
      }),
    );
  }
}

async function everything(TableName: string) {
  const found = [undefined, ...INDEXES].map(async (IndexName) => {
    const { Items = [] } = await client.send(new ScanCommand({ TableName, IndexName }));
    return Items.map((item) => JSON.stringify(Object.entries(item).sort())).sort();
  });
  return Promise.all(found);
}

test('a table with a stream has in its indexes what any table has, whatever is written', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(action, { maxLength: 12 }), async (actions) => {
      for (const one of actions) await Promise.all([act(STREAMED, one), act(PLAIN, one)]);

      expect(await everything(STREAMED)).toEqual(await everything(PLAIN));
    }),
    { numRuns: 40 },
  );
  expect(INDEXES.length).toBeGreaterThan(1);
}, 30_000);
