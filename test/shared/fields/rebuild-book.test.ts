import { DynamoDBClient } from '@aws-sdk/client-dynamodb';

import { createRebuildBook } from '../../../shared/fields/dynamo-rebuild-book.ts';
import type { RebuildBook, RebuildState } from '../../../shared/fields/rebuild-book.ts';
import { createTable } from '../../support/aws-resources.ts';
import { NOON } from '../../support/fake-clock.ts';
import { inMemoryRebuildBook } from '../../support/in-memory-rebuild-book.ts';

const client = new DynamoDBClient({});

afterAll(() => {
  client.destroy();
});

const books: [string, () => Promise<RebuildBook>][] = [
  ['in memory', async () => inMemoryRebuildBook()],
  [
    'in DynamoDB',
    async () => createRebuildBook({ client, tableName: await createTable(client, 'MirrorState') }),
  ],
];

describe.each(books)('a book of rebuilds %s', (_, create) => {
  it('gives back the last state, and none before the first', async () => {
    const book = await create();
    await expect(book.get()).resolves.toBeUndefined();
    const state: RebuildState = {
      by: '0123abcd',
      startedAt: NOON,
      updatedAt: NOON + 1,
      parts: [{ kind: 'open' }, { kind: 'open', next: '{"taskId":"ü#"}' }, { kind: 'done' }],
    };
    await book.put(state);
    await expect(book.get()).resolves.toEqual(state);
    const ofNoFields = { ...state, by: undefined };
    await book.put(ofNoFields);
    await expect(book.get()).resolves.toEqual(ofNoFields);
  });
});
