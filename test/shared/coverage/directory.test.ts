import { DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import fc from 'fast-check';

import { renamed } from '../../../shared/coverage/directory.ts';
import { createDirectory } from '../../../shared/coverage/dynamo-directory.ts';
import { createTable } from '../../support/aws-resources.ts';
import { aNamelessEntry, anEntry, directoryContract } from '../../support/contracts/directory.ts';
import { failCalls, loseAnswers, recordCalls } from '../../support/failing-client.ts';
import { NOON } from '../../support/fake-clock.ts';
import { inMemoryDirectory } from '../../../prove/ports/in-memory-directory.ts';

let client: DynamoDBClient;

beforeAll(() => {
  client = new DynamoDBClient({});
});

afterAll(() => {
  client.destroy();
});

describe('the directory in memory', () => {
  directoryContract(() => inMemoryDirectory());
});

describe('the directory in DynamoDB', () => {
  const aTable = () => createTable(client, 'MirrorState');

  directoryContract(async () => createDirectory({ client, tableName: await aTable() }));

  test('entries and names stand under the names of the contract', async () => {
    const tableName = await aTable();
    const directory = createDirectory({ client, tableName });
    await directory.put(
      anEntry({ id: 'project_1', name: ' Street scenes ', formerNames: ['Streets'] }),
    );
    await directory.note('batch', { id: 'batch_1' }, NOON + 1);

    const { Items = [] } = await client.send(new ScanCommand({ TableName: tableName }));

    expect(Items).toHaveLength(3);
    expect(Items).toContainEqual({
      scope: { S: 'directory#project' },
      item: { S: 'id#project_1' },
      id: { S: 'project_1' },
      name: { S: ' Street scenes ' },
      formerNames: { L: [{ S: 'Streets' }] },
      changedAt: { S: '2026-11-21T12:00:00.000Z' },
      isSettled: { BOOL: true },
      version: { N: '1' },
    });
    expect(Items).toContainEqual({
      scope: { S: 'directory#project' },
      item: { S: 'name# Street scenes ' },
      id: { S: 'project_1' },
      changedAt: { S: '2026-11-21T12:00:00.000Z' },
    });
    expect(Items).toContainEqual({
      scope: { S: 'directory#batch' },
      item: { S: 'id#batch_1' },
      id: { S: 'batch_1' },
      formerNames: { L: [] },
      changedAt: { S: '2026-11-21T12:00:00.001Z' },
      isSettled: { BOOL: false },
      version: { N: '1' },
    });
  });

  test('a list of more than a page of DynamoDB is whole', async () => {
    const directory = createDirectory({ client, tableName: await aTable() });
    const former = ['x'.repeat(100_000), 'y'.repeat(100_000)];
    const entries = Array.from({ length: 9 }, (_, index) =>
      anEntry({ id: String(index), name: `n${index}`, formerNames: former }),
    );
    for (const entry of entries) await directory.put(entry);

    await expect(directory.list('project')).resolves.toEqual(entries);
  });

  test('it does as the one in memory, whatever is written in whatever order', async () => {
    const step = fc.record({
      id: fc.constantFrom('1', '2', '3'),
      name: fc.constantFrom(undefined, 'A', 'B', 'C'),
      ms: fc.nat(9),
      knows: fc.boolean(),
      settles: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
        const kind = 'project';
        const real = createDirectory({ client, tableName: await aTable() });
        const model = inMemoryDirectory();
        for (const [index, { id, name, ms, knows, settles }] of steps.entries()) {
          // No two writes at the same time: which of them counts is open.
          const now = NOON + ms * 100 + index;
          const stood = knows ? await model.getById(kind, id) : undefined;
          const next = name === undefined ? stood : renamed(stood, { kind, id, name }, now);
          const [done, expected] =
            next === undefined
              ? [await real.note(kind, { id }, now), await model.note(kind, { id }, now)]
              : await Promise.all(
                  [real, model].map((one) =>
                    one.put({ ...next, isSettled: next.isSettled || settles }),
                  ),
                );
          expect(done).toEqual(expected);
        }
        for (const name of ['A', 'B', 'C']) {
          expect(await real.getByName(kind, name)).toEqual(await model.getByName(kind, name));
        }
        const list = await model.list(kind);
        expect(await real.list(kind)).toEqual(list.toSorted((a, b) => (a.id < b.id ? -1 : 1)));
      }),
      { numRuns: 15 },
    );
  });

  test.each([
    ['an unknown name', 'unknown', ['GetItemCommand']],
    ['a present name', 'new', ['GetItemCommand', 'GetItemCommand']],
    ['a former name', 'old', ['GetItemCommand', 'GetItemCommand', 'QueryCommand']],
  ])('%s costs no more reads than it must, each consistent', async (_, name, reads) => {
    const tableName = await aTable();
    const entry = await createDirectory({ client, tableName }).put(anEntry({ name: 'old' }));
    const next = { ...entry, name: 'new', formerNames: ['old'], changedAt: NOON + 1 };
    await createDirectory({ client, tableName }).put(next);
    const observed = new DynamoDBClient({});
    const calls = recordCalls(observed);

    await createDirectory({ client: observed, tableName }).getByName('project', name);

    expect(calls.map(({ command }) => command)).toEqual(reads);
    expect(calls.map(({ input }) => input)).toMatchObject(
      reads.map(() => ({ ConsistentRead: true })),
    );
    observed.destroy();
  });

  test('what is there already is not written again', async () => {
    const tableName = await aTable();
    const directory = createDirectory({ client, tableName });
    const entry = anEntry();
    await directory.put(entry);
    await directory.put(entry);
    await directory.note(entry.kind, { id: entry.id }, NOON + 5);

    const { Items = [] } = await client.send(new ScanCommand({ TableName: tableName }));

    expect(Items.find(({ version }) => version !== undefined)?.['version']).toEqual({ N: '1' });
  });

  describe('given a service that fails', () => {
    let failing: DynamoDBClient;

    beforeEach(() => {
      failing = new DynamoDBClient({});
    });

    afterEach(() => {
      failing.destroy();
    });

    test.each([1, 2])('an id is noted although %i answers were lost', async (times) => {
      loseAnswers(failing, 'PutItemCommand', times);
      const directory = createDirectory({ client: failing, tableName: await aTable() });

      const noted = await directory.note('batch', { id: 'b' }, NOON);

      expect(noted).toEqual({ ...aNamelessEntry(), kind: 'batch', id: 'b', changedAt: NOON });
      await expect(directory.getById('batch', 'b')).resolves.toEqual(noted);
    });

    test('an entry is written although the answers to both writes were lost', async () => {
      const directory = createDirectory({ client: failing, tableName: await aTable() });
      const entry = await directory.put(anEntry({ name: 'old' }));
      const now = { ...entry, name: 'new', formerNames: ['old'], changedAt: NOON + 1 };
      loseAnswers(failing, 'PutItemCommand', 2);

      await expect(directory.put({ ...now, isSettled: false })).resolves.toEqual({
        ...now,
        isSettled: false,
      });

      await expect(directory.getByName('project', 'new')).resolves.toMatchObject({ id: entry.id });
    });

    test.each([1, 2])(
      'an entry whose write was interrupted at part %i is whole once it is put again',
      async (part) => {
        const tableName = await aTable();
        const directory = createDirectory({ client, tableName });
        const entry = await directory.put(anEntry({ name: 'old' }));
        const next = {
          ...entry,
          name: 'new',
          formerNames: ['old'],
          changedAt: NOON + 1,
          isSettled: false,
        };
        failCalls(failing, 'PutItemCommand', part);
        await expect(createDirectory({ client: failing, tableName }).put(next)).rejects.toThrow(
          'no such luck',
        );
        // Who looks now sees that the new name is still news, and puts it again.
        await expect(directory.getById('project', entry.id)).resolves.toEqual(entry);
        await expect(directory.getByName('project', 'new')).resolves.toBeUndefined();
        await expect(directory.getByName('project', 'old')).resolves.toEqual(entry);

        await directory.put(next);

        await expect(directory.getByName('project', 'new')).resolves.toEqual(next);
        await expect(directory.getByName('project', 'old')).resolves.toEqual(next);
      },
    );

    test('an id whose note with a name was interrupted is whole once it is noted again', async () => {
      const tableName = await aTable();
      const directory = createDirectory({ client, tableName });
      failCalls(failing, 'PutItemCommand', 2);
      const seen = { id: 'b', name: 'night' };
      await expect(
        createDirectory({ client: failing, tableName }).note('batch', seen, NOON),
      ).rejects.toThrow('no such luck');
      await expect(directory.getByName('batch', 'night')).resolves.toBeUndefined();

      const noted = await directory.note('batch', seen, NOON + 1);

      await expect(directory.getByName('batch', 'night')).resolves.toEqual(noted);
    });

    test('a name that was about to be written still leads to what has it', async () => {
      const tableName = await aTable();
      const directory = createDirectory({ client, tableName });
      const holder = await directory.put(anEntry({ name: 'X' }));
      failCalls(failing, 'PutItemCommand', 2);
      const taker = anEntry({ name: 'X', changedAt: NOON + 1 });
      await expect(createDirectory({ client: failing, tableName }).put(taker)).rejects.toThrow();

      await expect(directory.getByName('project', 'X')).resolves.toEqual(holder);
    });

    test.each(['GetItemCommand', 'PutItemCommand'])(
      'what has failed for good is told: %s',
      async (command) => {
        const directory = createDirectory({ client: failing, tableName: await aTable() });
        failCalls(failing, command, 1);

        await expect(directory.put(anEntry())).rejects.toThrow('no such luck');
      },
    );

    test('writers who are always too late give up in the end', async () => {
      const tableName = await aTable();
      const directory = createDirectory({ client, tableName });
      const entry = await directory.put(anEntry());
      let ms = 0;
      failing.middlewareStack.add(
        (next, { commandName }) =>
          async (args) => {
            const answer = await next(args);
            ms += 1;
            if (commandName === 'GetItemCommand') {
              await directory.put({ ...entry, name: `another ${ms}`, changedAt: NOON + ms });
            }
            return answer;
          },
        { step: 'initialize' },
      );

      await expect(
        createDirectory({ client: failing, tableName }).put({ ...entry, name: 'mine' }),
      ).rejects.toThrow('too many at once');
    });
  });
});
