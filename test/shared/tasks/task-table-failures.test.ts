import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import { DeleteItemCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';

import { createTaskTable } from '../../../shared/tasks/dynamo-task-table.ts';
import type { TaskTable } from '../../../shared/tasks/task-table.ts';
import { createTable } from '../../support/aws-resources.ts';
import { loseAnswers, throttleBatchGets } from '../../support/failing-client.ts';
import { fakeClock, NOON } from '../../support/fake-clock.ts';
import { inMemoryBodies } from '../../support/in-memory-bodies.ts';
import { aDocument, aHead, aTaskId } from '../../support/records.ts';

let tableName: string;
let client: DynamoDBClient;

beforeAll(async () => {
  client = new DynamoDBClient({});
  tableName = await createTable(client, 'Tasks');
  client.destroy();
});

beforeEach(() => {
  client = new DynamoDBClient({});
});

afterEach(() => {
  client.destroy();
});

const tableWith = (clock = fakeClock()): TaskTable =>
  createTaskTable({
    client,
    tableName,
    bodies: inMemoryBodies(),
    sleep: clock.sleep,
    random: () => 1,
  });

describe('DynamoDB answers only a part of a batch', () => {
  const storeHeads = async (count: number) => {
    const heads = Array.from({ length: count }, () => aHead());
    await Promise.all(heads.map((head) => tableWith().putHead(head)));
    return heads;
  };

  test.each([1, 5])('%i times in a row: every head is read all the same', async (times) => {
    const heads = await storeHeads(12);
    throttleBatchGets(client, times);

    const read = await tableWith().getHeads(heads.map(({ taskId }) => taskId));

    expect(heads.map(({ taskId }) => read.get(taskId))).toEqual(heads);
  });

  test('longer and longer pauses lie between the tries', async () => {
    const heads = await storeHeads(6);
    throttleBatchGets(client, 4);
    const clock = fakeClock();

    await tableWith(clock).getHeads(heads.map(({ taskId }) => taskId));

    expect(clock.now() - NOON).toBe(50 + 100 + 200 + 400);
  });

  test('for good: the read fails instead of taking heads for absent', async () => {
    const taskIds = Array.from({ length: 20 }, aTaskId);
    throttleBatchGets(client, 100);

    await expect(tableWith().getHeads(taskIds)).rejects.toThrow('left 14 of 20 items unread');
  });
});

describe('the answer of a write is lost, and the SDK writes again', () => {
  test('a first head counts as lost to another writer, and is there', async () => {
    const head = aHead();
    loseAnswers(client, 'PutItemCommand');

    await expect(tableWith().putHead(head)).resolves.toBe('lost');

    await expect(tableWith().getHeads([head.taskId])).resolves.toEqual(
      new Map([[head.taskId, head]]),
    );
  });

  test('so does a later head', async () => {
    const head = aHead();
    await tableWith().putHead(head);
    loseAnswers(client, 'PutItemCommand');

    await expect(tableWith().putHead({ ...head, version: 2 })).resolves.toBe('lost');

    const heads = await tableWith().getHeads([head.taskId]);
    expect(heads.get(head.taskId)?.version).toBe(2);
  });

  test('a document counts as made by another writer, so that nobody removes it', async () => {
    const document = aDocument();
    loseAnswers(client, 'PutItemCommand');

    await expect(tableWith().putDocument(document)).resolves.toBe('adopted');

    await tableWith().removeDocument(document.taskId, document.record);
    await expect(tableWith().getDocument(document.taskId, document.record)).resolves.toEqual(
      document,
    );
  });

  test('an adoption is an adoption', async () => {
    const document = aDocument();
    await tableWith().putDocument(document);
    loseAnswers(client, 'UpdateItemCommand');

    await expect(tableWith().putDocument(document)).resolves.toBe('adopted');
  });

  test('a removal is a removal', async () => {
    const document = aDocument();
    await tableWith().putDocument(document);
    loseAnswers(client, 'DeleteItemCommand');

    await tableWith().removeDocument(document.taskId, document.record);

    await expect(
      tableWith().getDocument(document.taskId, document.record),
    ).resolves.toBeUndefined();
  });
});

test('a record that its maker removes just before it is adopted is made anew', async () => {
  const document = aDocument();
  await tableWith().putDocument(document);
  const { taskId, record } = document;
  const maker = new DynamoDBClient({});
  beforeFirst('UpdateItemCommand', async () => {
    const Key = { taskId: { S: taskId }, record: { S: record } };
    await maker.send(new DeleteItemCommand({ TableName: tableName, Key }));
  });

  await expect(tableWith().putDocument(document)).resolves.toBe('created');

  await expect(tableWith().getDocument(taskId, record)).resolves.toEqual(document);
  maker.destroy();
});

test('a table that cannot be reached is an error, not an empty one', async () => {
  client = new DynamoDBClient({ endpoint: 'http://127.0.0.1:1', maxAttempts: 1 });

  await expect(tableWith().getHeads(['task-1'])).rejects.toThrow('ECONNREFUSED');
  await expect(tableWith().putHead(aHead())).rejects.toThrow('ECONNREFUSED');
  await expect(tableWith().putDocument(aDocument())).rejects.toThrow('ECONNREFUSED');
  await expect(tableWith().removeDocument('task-1', 'document#1')).rejects.toThrow('ECONNREFUSED');
});

/** Another writer does something right before the first call of a command. */
function beforeFirst(command: string, act: () => Promise<void>): void {
  let isDue = true;
  client.middlewareStack.add(
    (next, { commandName }) =>
      async (args) => {
        if (commandName === command && isDue) {
          isDue = false;
          await act();
        }
        return next(args);
      },
    { step: 'initialize' },
  );
}

test('a head that DynamoDB does not take is given up before its time is out of date', async () => {
  const silent = createServer(() => undefined).listen(0, '127.0.0.1');
  await once(silent, 'listening');
  const { port } = silent.address() as AddressInfo;
  const deaf = new DynamoDBClient({ endpoint: `http://127.0.0.1:${String(port)}` });
  const { sleep } = fakeClock();
  const settings = { client: deaf, tableName, bodies: inMemoryBodies(), sleep };

  const write = createTaskTable({ ...settings, longestHeadWriteMs: 20 }).putHead(aHead());

  await expect(write).rejects.toThrow('abort');
  deaf.destroy();
  silent.closeAllConnections();
  silent.close();
});
