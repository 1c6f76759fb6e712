import { DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';

import { createMirrorState } from '../../../shared/coverage/dynamo-mirror-state.ts';
import { createTable } from '../../support/aws-resources.ts';
import { aSlice, mirrorStateContract } from '../../support/contracts/mirror-state.ts';
import { loseAnswers } from '../../support/failing-client.ts';
import { NOON } from '../../support/fake-clock.ts';
import { inMemoryMirrorState } from '../../support/in-memory-mirror-state.ts';
import { useMirrorStateTable } from '../../support/mirror-state-table.ts';

const { client, tableName } = useMirrorStateTable();

describe('mirror state in memory', () => {
  mirrorStateContract(inMemoryMirrorState);
});

describe('mirror state in DynamoDB', () => {
  mirrorStateContract(() => createMirrorState({ client, tableName: tableName() }));

  test('slices and leases stand under the names of the contract', async () => {
    const name = await createTable(client, 'MirrorState');
    const state = createMirrorState({ client, tableName: name });
    await state.putSlice('project:Street scenes', aSlice());
    await state.holdLease({ name: 'backfill', owner: 'me' }, NOON, NOON + 1);

    const { Items = [] } = await client.send(new ScanCommand({ TableName: name }));

    expect(Items).toHaveLength(2);
    expect(Items).toContainEqual({
      scope: { S: 'slices#project:Street scenes' },
      item: { S: 'completed#2026-11-21T11:59:00.000Z#2026-11-21T12:00:00.001Z' },
      status: { S: 'completed' },
      filters: { S: '{"status":"completed"}' },
      from: { S: '2026-11-21T11:59:00.000Z' },
      until: { S: '2026-11-21T12:00:00.001Z' },
      openedAt: { S: '2026-11-21T12:00:00.003Z' },
      walkedAt: { S: '2026-11-21T12:00:00.002Z' },
      nextToken: { S: 'a token' },
      pages: { N: '3' },
      tasks: { N: '297' },
    });
    expect(Items).toContainEqual({
      scope: { S: 'lease' },
      item: { S: 'backfill' },
      owner: { S: 'me' },
      until: { S: '2026-11-21T12:00:00.001Z' },
    });
  });

  test('a lease is held although the first answer was lost', async () => {
    const failing = new DynamoDBClient({});
    loseAnswers(failing, 'PutItemCommand');
    const state = createMirrorState({ client: failing, tableName: tableName() });
    const lease = { name: 'lost answer', owner: 'first' };

    await expect(state.holdLease(lease, NOON, NOON + 1)).resolves.toBe(true);

    failing.destroy();
  });
});
