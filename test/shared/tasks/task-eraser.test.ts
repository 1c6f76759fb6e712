import { DynamoDBClient } from '@aws-sdk/client-dynamodb';

import { createTaskEraser } from '../../../shared/tasks/dynamo-task-eraser.ts';
import { createTaskTable } from '../../../shared/tasks/dynamo-task-table.ts';
import { documentBodyKey } from '../../../shared/documents/body-keys.ts';
import { createTable } from '../../support/aws-resources.ts';
import { fakeClock } from '../../support/fake-clock.ts';
import { inMemoryBodies } from '../../support/in-memory-bodies.ts';
import { aDocument, aHead, aTaskId, incompressibleText } from '../../support/records.ts';

const client = new DynamoDBClient({});

afterAll(() => {
  client.destroy();
});

async function aTable() {
  const tableName = await createTable(client, 'Tasks');
  const { sleep } = fakeClock();
  const bodies = inMemoryBodies();
  const settings = { client, tableName, bodies };
  return {
    bodies,
    table: createTaskTable({ ...settings, sleep }),
    eraser: createTaskEraser(settings),
  };
}

it('removes all documents of a task with their objects, and leaves its head and all other tasks', async () => {
  const { bodies, table, eraser } = await aTable();
  const [taskId, other] = [aTaskId(), aTaskId()];
  const small = aDocument({ taskId, text: '{"a":1}', revision: 1 });
  const large = aDocument({ taskId, text: incompressibleText(600_000), revision: 2 });
  const others = aDocument({ taskId: other, text: incompressibleText(600_000) });
  for (const document of [small, large, others]) await table.putDocument(document);
  await table.putHead(aHead({ taskId }));
  expect(await eraser.eraseDocuments(taskId)).toEqual({ documents: 2, objects: 1 });
  for (const { record } of [small, large]) {
    expect(await table.getDocument(taskId, record)).toBeUndefined();
  }
  expect((await table.getHeads([taskId])).has(taskId)).toBe(true);
  expect((await table.getDocument(other, others.record))?.text).toBe(others.text);
  expect(await bodies.list('documents/')).toHaveLength(1);
  expect(await eraser.eraseDocuments(taskId)).toEqual({ documents: 0, objects: 0 });
});

it('removes an object whose document was never written', async () => {
  const { bodies, eraser } = await aTable();
  const taskId = 'a task/with: odd characters';
  const key = documentBodyKey(taskId, 'f'.repeat(64));
  await bodies.put(key, { bytes: Buffer.from('{}'), metadata: {} });
  expect(await eraser.eraseDocuments(taskId)).toEqual({ documents: 0, objects: 1 });
  expect(await bodies.get(key)).toBeUndefined();
});

it('leaves the objects of another task whose long id begins alike', async () => {
  const { bodies, eraser } = await aTable();
  const [one, other] = [`${'x'.repeat(600)}1`, `${'x'.repeat(600)}2`];
  await bodies.put(documentBodyKey(other, 'f'), { bytes: Buffer.from('{}'), metadata: {} });
  expect(await eraser.eraseDocuments(one)).toEqual({ documents: 0, objects: 0 });
});

it('removes a head', async () => {
  const { table, eraser } = await aTable();
  const taskId = aTaskId();
  await table.putHead(aHead({ taskId }));
  await eraser.eraseHead(taskId);
  expect((await table.getHeads([taskId])).size).toBe(0);
});
