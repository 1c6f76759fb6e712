import { type AttributeValue, DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';

import { isUsableTaskId } from '../../../shared/observations/task-id.ts';
import { createTaskTable } from '../../../shared/tasks/dynamo-task-table.ts';
import type { Head } from '../../../shared/tasks/head.ts';
import { type Item, toHeadItem } from '../../../shared/tasks/head-item.ts';
import { createTable } from '../../support/aws-resources.ts';
import { fakeClock, NOON } from '../../support/fake-clock.ts';
import { inMemoryBodies } from '../../support/in-memory-bodies.ts';
import { aHead, aReference, aTaskId } from '../../support/records.ts';

const client = new DynamoDBClient({});
let tableName: string;

beforeAll(async () => {
  tableName = await createTable(client, 'Tasks');
});

afterAll(() => {
  client.destroy();
});

/** The item of a head, as anyone sees it who reads the table. */
async function itemOf(head: Head): Promise<Item | undefined> {
  const { sleep } = fakeClock();
  const table = createTaskTable({ client, tableName, bodies: inMemoryBodies(), sleep });
  await table.putHead(head);
  const Key = { taskId: { S: head.taskId }, record: { S: 'task' } };
  return (await client.send(new GetItemCommand({ TableName: tableName, Key }))).Item;
}

test('a head that knows everything has every attribute of the contract', async () => {
  const v1 = aReference({ record: 'document#0000000001#aa', substance: 'one' });
  const v2 = aReference({
    record: 'document#0000000002#bb',
    substance: 'two',
    bytes: 77,
  });
  const head = aHead({ taskId: 'task-1', current: v2.record, documents: { v1, v2 } });

  await expect(itemOf(head)).resolves.toEqual({
    taskId: { S: 'task-1' },
    record: { S: 'task' },
    version: { N: '1' },
    revision: { N: '1' },
    status: { S: 'completed' },
    project: { S: 'Street scenes' },
    projectId: { S: 'project_1' },
    batch: { S: 'night' },
    batchId: { S: 'batch_1' },
    type: { S: 'imageannotation' },
    createdAt: { S: '2026-11-21T10:00:00.000Z' },
    completedAt: { S: '2026-11-21T11:00:00.000Z' },
    updatedAt: { S: '2026-11-21T11:30:00.000Z' },
    reviewStatus: { S: 'accepted' },
    uniqueId: { S: 'frame 7' },
    observedFrom: { S: '2026-11-21T11:59:59.877Z' },
    observedUntil: { S: '2026-11-21T12:00:00.050Z' },
    observedBy: { S: 'callback' },
    confirmed: { BOOL: true },
    mirroredAt: { S: '2026-11-21T12:00:00.100Z' },
    changedAt: { S: '2026-11-21T12:00:00.099Z#task-1' },
    current: { S: 'document#0000000002#bb' },
    documents: {
      M: {
        v1: {
          M: {
            record: { S: 'document#0000000001#aa' },
            substance: { S: 'one' },
            bytes: { N: '1234' },
            from: { S: '2026-11-21T11:59:59.877Z' },
            until: { S: '2026-11-21T12:00:00.050Z' },
          },
        },
        v2: {
          M: {
            record: { S: 'document#0000000002#bb' },
            substance: { S: 'two' },
            bytes: { N: '77' },
            from: { S: '2026-11-21T11:59:59.877Z' },
            until: { S: '2026-11-21T12:00:00.050Z' },
          },
        },
      },
    },
    statusTime: { S: 'completed#2026-11-21T11:00:00.000Z' },
  });
});

test('what is unknown is absent, not null and not empty', async () => {
  const facts = { status: 'pending', project: {}, batch: {} };
  const head = aHead({ taskId: 'task-2', facts, confirmed: false, observedBy: 'backfill' });

  await expect(itemOf(head)).resolves.toEqual({
    taskId: { S: 'task-2' },
    record: { S: 'task' },
    version: { N: '1' },
    revision: { N: '1' },
    status: { S: 'pending' },
    observedFrom: { S: '2026-11-21T11:59:59.877Z' },
    observedUntil: { S: '2026-11-21T12:00:00.050Z' },
    observedBy: { S: 'backfill' },
    confirmed: { BOOL: false },
    mirroredAt: { S: '2026-11-21T12:00:00.100Z' },
    changedAt: { S: '2026-11-21T12:00:00.099Z#task-2' },
    current: { S: head.current },
    documents: { M: { v1: expect.anything() as unknown } },
    statusTime: { S: 'pending#' },
  });
});

test('a project and a batch that are known by id stand under that id', async () => {
  const facts = { status: 'pending', project: { id: 'project_1' }, batch: { id: 'batch_1' } };

  await expect(itemOf(aHead({ facts }))).resolves.toMatchObject({
    project: { S: 'id:project_1' },
    projectId: { S: 'project_1' },
    batch: { S: 'id:batch_1' },
    batchId: { S: 'batch_1' },
  });
});

test('a task that is not completed is sorted by when it was created', async () => {
  const facts = { status: 'pending', project: {}, batch: {}, createdAt: NOON };

  await expect(itemOf(aHead({ facts }))).resolves.toMatchObject({
    statusTime: { S: 'pending#2026-11-21T12:00:00.000Z' },
  });
});

test('a head of a task that both APIs have shown is under 1 KB', async () => {
  const item = toHeadItem(aHead({ documents: { v1: aReference(), v2: aReference() } }));

  expect(sizeOf(item)).toBeLessThan(1_024);
});

describe('the keys of the indexes stay within what DynamoDB takes', () => {
  const longest = { batch: 2_048, project: 2_048, statusTime: 1_024, changedAt: 1_024 };
  const LONGEST_TASK_ID = 999;
  const long = (length: number) => aTaskId().padEnd(length, 'x');

  test.each([
    ['the longest id of a task', aHead({ taskId: long(LONGEST_TASK_ID) })],
    ['a status of 900 letters', aHead({ facts: factsWith({ status: long(900) }) })],
    ['a project of 3,000 letters', aHead({ facts: factsWith({ project: { name: long(3_000) } }) })],
    ['a batch id of 2,046 letters', aHead({ facts: factsWith({ batch: { id: long(2_046) } }) })],
  ])('with %s', (_, head) => {
    expect(isUsableTaskId(`${long(LONGEST_TASK_ID)}x`)).toBe(false);
    const item = toHeadItem(head);
    for (const [name, bytes] of Object.entries(longest)) {
      expect([name, Buffer.byteLength(item[name]?.S ?? '') <= bytes]).toEqual([name, true]);
    }
  });
});

function factsWith(facts: Partial<Head['facts']>): Head['facts'] {
  return { status: 'pending', project: {}, batch: {}, ...facts };
}

/** As DynamoDB counts an item (developer guide, "Item sizes and formats"). */
function sizeOf(item: Item): number {
  const sizes = Object.entries(item).map(
    ([name, value]) => Buffer.byteLength(name) + sizeOfValue(value),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}

function sizeOfValue({ S, N, M }: AttributeValue): number {
  if (S !== undefined) return Buffer.byteLength(S);
  if (N !== undefined) return Math.ceil(N.length / 2) + 1;
  return M === undefined ? 1 : 3 + Object.keys(M).length + sizeOf(M);
}
