import { DynamoDBClient, PutItemCommand, ScanCommand } from '@aws-sdk/client-dynamodb';

import { createBatchBook } from '../../../shared/coverage/dynamo-batch-book.ts';
import { createTable } from '../../support/aws-resources.ts';
import { aFollowedBatch, batchBookContract } from '../../support/contracts/batch-book.ts';
import { failCalls, loseAnswers, recordCalls } from '../../support/failing-client.ts';
import { NOON } from '../../support/fake-clock.ts';
import { inMemoryBatchBook } from '../../support/in-memory-batch-book.ts';
import { useMirrorStateTable } from '../../support/mirror-state-table.ts';

const { client, tableName } = useMirrorStateTable();

describe('the batch book in memory', () => {
  batchBookContract(() => inMemoryBatchBook());
});

describe('the batch book in DynamoDB', () => {
  batchBookContract(() => createBatchBook({ client, tableName: tableName() }));

  test('a batch stands under the names of the contract', async () => {
    const name = await createTable(client, 'MirrorState');
    await createBatchBook({ client, tableName: name }).put(aFollowedBatch({ id: 'batch_1' }));

    const { Items } = await client.send(new ScanCommand({ TableName: name }));

    expect(Items).toEqual([
      {
        scope: { S: 'batches' },
        item: { S: 'batch_1' },
        id: { S: 'batch_1' },
        name: { S: 'night' },
        project: { S: 'Street scenes' },
        projectId: { S: 'project_1' },
        status: { S: 'in_progress' },
        createdAt: { S: '2026-11-20T10:00:00.000Z' },
        counts: { M: { pending: { N: '2' }, completed: { N: '1' } } },
        checkedAt: { S: '2026-11-21T12:00:00.000Z' },
        isOpen: { BOOL: true },
      },
    ]);
  });

  test('open batches are listed beyond a page of DynamoDB, and nothing of another scope', async () => {
    const name = await createTable(client, 'MirrorState');
    const book = createBatchBook({ client, tableName: name });
    const large = 'x'.repeat(300_000);
    for (const id of ['1', '2', '3', '4']) await book.put(aFollowedBatch({ id, name: large }));
    for (const id of ['5', '6', '7', '8']) {
      await book.put(aFollowedBatch({ id, name: large, status: 'completed' }));
    }
    await book.put(aFollowedBatch({ id: '9' }));
    await client.send(
      new PutItemCommand({
        TableName: name,
        Item: { scope: { S: 'other' }, item: { S: '1' }, isOpen: { BOOL: true } },
      }),
    );

    const open = await book.listOpen();

    expect(open.map(({ id }) => id)).toEqual(['1', '2', '3', '4', '9']);
  });

  test('a batch is read consistently', async () => {
    const observed = new DynamoDBClient({});
    const calls = recordCalls(observed);

    await createBatchBook({ client: observed, tableName: tableName() }).get('batch_1');

    expect(calls).toMatchObject([{ command: 'GetItemCommand', input: { ConsistentRead: true } }]);
    observed.destroy();
  });

  describe('given a service that fails', () => {
    let failing: DynamoDBClient;

    beforeEach(() => {
      failing = new DynamoDBClient({});
    });

    afterEach(() => {
      failing.destroy();
    });

    test('a batch is written although the first answers were lost', async () => {
      loseAnswers(failing, 'PutItemCommand', 2);
      const batch = aFollowedBatch();

      await createBatchBook({ client: failing, tableName: tableName() }).put(batch);

      await expect(
        createBatchBook({ client, tableName: tableName() }).get(batch.id),
      ).resolves.toEqual(batch);
    });

    test('an answer that is lost takes no later answer back', async () => {
      const batch = aFollowedBatch();
      const later = { ...batch, status: 'completed', checkedAt: NOON + 1 };
      failing.middlewareStack.add(
        (next) => {
          let isFirst = true;
          return async (args) => {
            const answer = await next(args);
            if (!isFirst) return answer;
            isFirst = false;
            await createBatchBook({ client, tableName: tableName() }).put(later);
            throw Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' });
          };
        },
        { step: 'finalizeRequest', priority: 'low' },
      );

      await createBatchBook({ client: failing, tableName: tableName() }).put(batch);

      await expect(
        createBatchBook({ client, tableName: tableName() }).get(batch.id),
      ).resolves.toEqual(later);
    });

    test('what has failed for good is told', async () => {
      failCalls(failing, 'PutItemCommand', 1);

      await expect(
        createBatchBook({ client: failing, tableName: tableName() }).put(aFollowedBatch()),
      ).rejects.toThrow('no such luck');
    });
  });
});
