import { DynamoDBClient, QueryCommand, ScanCommand } from '@aws-sdk/client-dynamodb';

import { createTaskTable } from '../../../shared/tasks/dynamo-task-table.ts';
import type { Head } from '../../../shared/tasks/head.ts';
import type { Item } from '../../../shared/tasks/head-item.ts';
import type { TaskTable } from '../../../shared/tasks/task-table.ts';
import { createTable } from '../../support/aws-resources.ts';
import { fakeClock, NOON } from '../../support/fake-clock.ts';
import { inMemoryBodies } from '../../support/in-memory-bodies.ts';
import { aDocument, aHead } from '../../support/records.ts';

const client = new DynamoDBClient({});
let tableName: string;
let table: TaskTable;

beforeEach(async () => {
  tableName = await createTable(client, 'Tasks');
  const { sleep } = fakeClock();
  table = createTaskTable({ client, tableName, bodies: inMemoryBodies(), sleep });
});

afterAll(() => {
  client.destroy();
});

const HOUR = 3_600_000;

const store = async (taskId: string, facts: Partial<Head['facts']>, more?: Partial<Head>) => {
  const nothing = { status: 'pending', project: {}, batch: {} };
  const head = aHead({ taskId, facts: { ...nothing, ...facts }, current: 'document#1', ...more });
  await table.putHead(head);
  return head;
};

/** What a plain query answers. The keys of the indexes are reserved words, hence `#key`. */
async function query(
  index: string,
  [name, value]: readonly [string, string],
  range?: { readonly condition: string; readonly value: string },
): Promise<Item[]> {
  const { Items = [] } = await client.send(
    new QueryCommand({
      TableName: tableName,
      IndexName: index,
      KeyConditionExpression: `#key = :key${range ? ` AND ${range.condition}` : ''}`,
      ExpressionAttributeNames: { '#key': name },
      ExpressionAttributeValues: {
        ':key': { S: value },
        ...(range && { ':value': { S: range.value } }),
      },
    }),
  );
  return Items;
}

const ids = (items: readonly Item[]) => items.map(({ taskId }) => taskId?.S);

test('the completed tasks of a batch come in the order of their completion', async () => {
  const batch = { name: 'night' };
  await store('late', { batch, status: 'completed', completedAt: NOON });
  await store('early', { batch, status: 'completed', completedAt: NOON - HOUR });
  await store('open', { batch, status: 'pending', createdAt: NOON - 2 * HOUR });
  await store('other', { batch: { name: 'day' }, status: 'completed', completedAt: NOON });

  const items = await query('byBatch', ['batch', 'night'], {
    condition: 'begins_with(statusTime, :value)',
    value: 'completed#',
  });

  expect(ids(items)).toEqual(['early', 'late']);
});

test('the tasks of a project are found by status and time', async () => {
  const project = { name: 'Street scenes', id: 'project_1' };
  await store('before', { project, status: 'completed', completedAt: NOON - HOUR });
  await store('after', { project, status: 'completed', completedAt: NOON + 1 });

  const items = await query('byProject', ['project', 'Street scenes'], {
    condition: 'statusTime > :value',
    value: 'completed#2026-11-21T12:00:00.000Z',
  });

  expect(ids(items)).toEqual(['after']);
});

test('what has changed in a project since a time comes in the order of the changes', async () => {
  const project = { name: 'Street scenes' };
  await store('b', { project }, { changedAt: NOON + 2 });
  await store('a', { project }, { changedAt: NOON + 2 });
  await store('first', { project }, { changedAt: NOON + 1 });
  await store('old', { project }, { changedAt: NOON - 1 });

  const items = await query('changes', ['project', 'Street scenes'], {
    condition: 'changedAt > :value',
    value: '2026-11-21T12:00:00.000Z',
  });

  expect(ids(items)).toEqual(['first', 'a', 'b']);
});

test('a task of a project whose name is unknown is found by its id', async () => {
  await store('task-1', { project: { id: 'project_1' }, batch: { id: 'batch_1' } });

  const byProject = await query('byProject', ['project', 'id:project_1']);
  const byBatch = await query('byBatch', ['batch', 'id:batch_1']);

  expect([ids(byProject), ids(byBatch)]).toEqual([['task-1'], ['task-1']]);
});

test('a task without project and batch is in no index', async () => {
  await store('task-1', {});

  const scans = ['byBatch', 'byProject', 'changes'].map((index) => everythingIn(index));

  await expect(Promise.all(scans)).resolves.toEqual([[], [], []]);
});

test('documents are in no index', async () => {
  await table.putDocument(aDocument());

  const scans = ['byBatch', 'byProject', 'changes'].map((index) => everythingIn(index));

  await expect(Promise.all(scans)).resolves.toEqual([[], [], []]);
});

test('the indexes hold what a list of tasks needs, and no more', async () => {
  const { taskId } = aHead();
  const head = aHead({ taskId, current: 'document#7', revision: 1 });
  await table.putHead(head);
  const keys = { taskId: { S: taskId }, record: { S: 'task' } };
  const project = { S: 'Street scenes' };
  const statusTime = { S: 'completed#2026-11-21T11:00:00.000Z' };
  const facts = {
    status: { S: 'completed' },
    completedAt: { S: '2026-11-21T11:00:00.000Z' },
    reviewStatus: { S: 'accepted' },
    current: { S: 'document#7' },
  };

  await expect(everythingIn('byBatch')).resolves.toEqual([
    { ...keys, batch: { S: 'night' }, statusTime, ...facts },
  ]);
  await expect(everythingIn('byProject')).resolves.toEqual([
    { ...keys, project, statusTime, ...facts },
  ]);
  await expect(everythingIn('changes')).resolves.toEqual([
    {
      ...keys,
      project,
      changedAt: { S: `2026-11-21T12:00:00.099Z#${taskId}` },
      status: { S: 'completed' },
      revision: { N: '1' },
      current: { S: 'document#7' },
    },
  ]);
});

test('a task that moves to another batch leaves the first one', async () => {
  const head = await store('task-1', { batch: { name: 'night' } });
  await table.putHead({ ...head, version: 2, facts: { ...head.facts, batch: { name: 'day' } } });

  const items = await everythingIn('byBatch');

  expect(items.map(({ batch }) => batch)).toEqual([{ S: 'day' }]);
});

async function everythingIn(index: string): Promise<Item[]> {
  const { Items = [] } = await client.send(
    new ScanCommand({ TableName: tableName, IndexName: index }),
  );
  return Items;
}
