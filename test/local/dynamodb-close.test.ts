import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';

import { startDynamodb } from '../../local/emulators/dynamodb.ts';
import { TABLES } from '../support/aws-resources.ts';

const folder = mkdtempSync(join(tmpdir(), 'mirror-close-'));

afterAll(() => {
  rmSync(folder, { recursive: true });
});

test('what is being written when it closes is written, or its writer hears that it is not', async () => {
  for (let round = 0; round < 8; round += 1) {
    const path = join(folder, String(round));
    const { url, close } = await startDynamodb({ port: 0, path, tables: [TABLES.Tasks] });
    const client = new DynamoDBClient({ endpoint: url, maxAttempts: 1 });
    const writes = Array.from({ length: 40 }, (_, n) => {
      const Item = { taskId: { S: `task-${String(n)}` }, record: { S: 'task' } };
      return client.send(new PutItemCommand({ TableName: 'Tasks', Item }));
    });
    const settled = Promise.allSettled(writes);
    await writes[round];

    await close();

    const outcomes = await settled;
    expect(outcomes[round]).toMatchObject({ status: 'fulfilled' });
    client.destroy();
  }
});
