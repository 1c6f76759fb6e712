import { DynamoDBClient } from '@aws-sdk/client-dynamodb';

import { createTaskIndex } from '../../../shared/tasks/dynamo-task-index.ts';
import { createTaskTable } from '../../../shared/tasks/dynamo-task-table.ts';
import type { TaskIndex } from '../../../shared/tasks/task-index.ts';
import type { TaskTable } from '../../../shared/tasks/task-table.ts';
import { createTable } from '../../support/aws-resources.ts';
import { fakeClock, NOON } from '../../support/fake-clock.ts';
import { inMemoryBodies } from '../../support/in-memory-bodies.ts';
import { inMemoryTaskTable } from '../../../prove/ports/in-memory-task-table.ts';
import { aHead } from '../../support/records.ts';

const client = new DynamoDBClient({});

afterAll(() => {
  client.destroy();
});

interface Both {
  readonly table: TaskTable;
  readonly index: TaskIndex;
}

async function inDynamodb(): Promise<Both> {
  const tableName = await createTable(client, 'Tasks');
  const { sleep } = fakeClock();
  return {
    table: createTaskTable({ client, tableName, bodies: inMemoryBodies(), sleep }),
    index: createTaskIndex({ client, tableName }),
  };
}

async function inMemory(): Promise<Both> {
  const table = inMemoryTaskTable();
  return { table, index: table };
}

async function idsUnder(index: TaskIndex, kind: 'project' | 'batch', key: string) {
  const ids: string[] = [];
  for await (const page of index.listTaskIds(kind, key)) ids.push(...page);
  return ids.toSorted();
}

describe.each([
  ['in memory', inMemory],
  ['in DynamoDB', inDynamodb],
])('the index %s', (_, create) => {
  it('lists the tasks under a name, and under an id whose name is not known', async () => {
    const { table, index } = await create();
    const place = (taskId: string, project: object, batch: object) =>
      table.putHead(aHead({ taskId, facts: { status: 'pending', project, batch } }));
    await place('a', { name: 'Streets', id: 'p1' }, { id: 'b1' });
    await place('b', { id: 'p1' }, { name: 'night' });
    await place('c', { name: 'Streets' }, {});

    expect(await idsUnder(index, 'project', 'Streets')).toEqual(['a', 'c']);
    expect(await idsUnder(index, 'project', 'id:p1')).toEqual(['b']);
    expect(await idsUnder(index, 'batch', 'id:b1')).toEqual(['a']);
    expect(await idsUnder(index, 'batch', 'night')).toEqual(['b']);
    expect(await idsUnder(index, 'batch', 'Streets')).toEqual([]);
  });
});

describe.each([
  ['in memory', inMemory],
  ['in DynamoDB', inDynamodb],
])('the index %s', (_, create) => {
  it('counts the tasks of a batch by status, dated or not', async () => {
    const { table, index } = await create();
    const completed = { status: 'completed', completedAt: NOON };
    for (const [taskId, state] of Object.entries({
      a: completed,
      b: completed,
      c: { status: 'pending', createdAt: NOON },
      d: { status: 'pending' },
    })) {
      await table.putHead(
        aHead({
          taskId,
          facts: { ...state, project: { name: 'Streets' }, batch: { name: 'night' } },
        }),
      );
    }
    expect(await index.countByStatus('batch', 'night')).toEqual(
      new Map([
        ['completed', 2],
        ['pending', 2],
      ]),
    );
    expect(await index.countByStatus('batch', 'day')).toEqual(new Map());
  });
});

it('the index in DynamoDB lists more tasks than one answer holds', async () => {
  const { table, index } = await inDynamodb();
  const project = { name: 'n'.repeat(800) };
  const ids = Array.from({ length: 700 }, (_, n) => `${'t'.repeat(900)}${String(n)}`);
  const facts = { status: 'pending', project, batch: {} };
  for (const taskId of ids) await table.putHead(aHead({ taskId, facts }));

  const pages: number[] = [];
  for await (const page of index.listTaskIds('project', project.name)) pages.push(page.length);

  expect(pages.length).toBeGreaterThan(1);
  expect(pages.reduce((sum, page) => sum + page, 0)).toBe(700);
});
