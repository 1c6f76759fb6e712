import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';

import { inMemoryTaskTable } from '../../../prove/ports/in-memory-task-table.ts';
import { createHeadScan } from '../../../shared/tasks/dynamo-head-scan.ts';
import { createTaskTable } from '../../../shared/tasks/dynamo-task-table.ts';
import { createTable } from '../../support/aws-resources.ts';
import { headScanContract } from '../../support/contracts/head-scan.ts';
import { fakeClock } from '../../support/fake-clock.ts';
import { inMemoryBodies } from '../../support/in-memory-bodies.ts';
import { inMemoryHeadScan } from '../../support/in-memory-head-scan.ts';
import { aDocument, aHead, incompressibleText } from '../../support/records.ts';

const client = new DynamoDBClient({});

afterAll(() => {
  client.destroy();
});

const inDynamodb = async () => {
  const tableName = await createTable(client, 'Tasks');
  const { sleep } = fakeClock();
  const table = createTaskTable({ client, tableName, bodies: inMemoryBodies(), sleep });
  return { tableName, table, scan: createHeadScan({ client, tableName }) };
};

describe('in memory', () => {
  headScanContract(async () => {
    const table = inMemoryTaskTable();
    return { table, scan: inMemoryHeadScan(table) };
  });
});

describe('in DynamoDB', () => {
  headScanContract(inDynamodb);

  test('a table of several pages is read to its end', async () => {
    const { table, scan } = await inDynamodb();
    const text = incompressibleText(250_000);
    for (let n = 0; n < 8; n += 1) {
      const taskId = `task-${String(n)}`;
      await table.putDocument(aDocument({ taskId, text }));
      await table.putHead(aHead({ taskId }));
    }
    const [found, pages]: [string[], number[]] = [[], []];
    let next: string | undefined;
    do {
      const page = await scan.behind('new', { segment: 0, of: 1 }, next);
      found.push(...page.heads.map(({ taskId }) => taskId));
      pages.push(page.looked);
      next = page.next;
    } while (next !== undefined);
    expect(found.sort()).toEqual(Array.from({ length: 8 }, (_, n) => `task-${String(n)}`));
    expect(pages.length).toBeGreaterThan(1);
    expect(pages.reduce((sum, one) => sum + one, 0)).toBe(16);
  });

  test('a head that cannot be read is named, and the others are there', async () => {
    const { tableName, table, scan } = await inDynamodb();
    const Item = { taskId: { S: 'broken' }, record: { S: 'task' }, version: { S: 'x' } };
    await client.send(new PutItemCommand({ TableName: tableName, Item }));
    await table.putHead(aHead({ taskId: 'whole' }));
    const { heads, unreadable } = await scan.behind('new', { segment: 0, of: 1 });
    expect([heads.map(({ taskId }) => taskId), unreadable]).toEqual([['whole'], ['broken']]);
  });
});
