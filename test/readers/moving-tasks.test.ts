import { PutItemCommand, type QueryCommandInput } from '@aws-sdk/client-dynamodb';
import fc from 'fast-check';

import { type Item, toHeadItem } from '../../shared/tasks/head-item.ts';
import { NOON } from '../support/fake-clock.ts';
import { aHead } from '../support/records.ts';
import { all, aStoredMirror, type StoredMirror } from './a-stored-mirror.ts';
import { askPython, hasBoto3 } from './python/ask-python.ts';

/** A head of a batch with a status; `at` is when it was completed, in minutes, and `age` how long it was there before noon. */
function anItem(batch: string, taskId: string, status: string, at: number, age = at): Item {
  const { facts } = aHead();
  const isOpen = status === 'pending' || status === 'error' || status === 'canceled';
  const completedAt = isOpen ? undefined : NOON + at * 60_000;
  const placed = { ...facts, status, completedAt, batch: { name: batch } };
  return toHeadItem(aHead({ taskId, facts: { ...placed, createdAt: NOON - age * 60_000 } }));
}

type Moves = Record<number, Item[]>;

async function put({ client, names }: StoredMirror, items: readonly Item[]): Promise<void> {
  for (const Item of items)
    await client.send(new PutItemCommand({ TableName: names.tasksTable, Item }));
}

/** What happens while a list is read: items that are put after the n-th page from now. */
interface Meanwhile {
  pages: number;
  moves: Moves;
}

/** Pages of the index have one entry from now on. */
function move(mirror: StoredMirror, meanwhile: Meanwhile): void {
  mirror.client.middlewareStack.add(
    (next, { commandName }) =>
      async (args) => {
        const input = args.input as QueryCommandInput;
        if (commandName !== 'QueryCommand' || input.IndexName !== 'byBatch') return next(args);
        const answer = await next({ ...args, input: { ...input, Limit: 1 } });
        await put(mirror, meanwhile.moves[meanwhile.pages] ?? []);
        meanwhile.pages += 1;
        return answer;
      },
    { step: 'initialize' },
  );
}

const STATUSES = ['pending', 'error', 'canceled', 'completed', 'deleted'] as const;

/** Tasks as they are first, and as they are after a page: each further along the way that tasks go, or completed anew; made once. */
const moving = fc.array(
  fc.record({
    from: fc.integer({ min: 0, max: STATUSES.length - 1 }),
    steps: fc.integer({ min: 0, max: STATUSES.length - 1 }),
    at: fc.integer({ min: 0, max: 50 }),
    page: fc.integer({ min: 0, max: 12 }),
  }),
  { minLength: 1, maxLength: 8 },
);

type Move = typeof moving extends fc.Arbitrary<infer Value> ? Value : never;

function arranged(batch: string, tasks: Move) {
  const before = tasks.map(({ from, at }, n) =>
    anItem(batch, `${batch}-${String(n)}`, STATUSES[from] ?? 'pending', at),
  );
  const moves: Moves = {};
  for (const [n, { from, steps, at, page }] of tasks.entries()) {
    const status = STATUSES[Math.min(from + steps, STATUSES.length - 1)] ?? 'pending';
    (moves[page] ??= []).push(anItem(batch, `${batch}-${String(n)}`, status, at + 60, at));
  }
  return { before, moves, ids: before.map(({ taskId }) => taskId?.S) };
}

test('tasks that move on between two pages of a list are not missed', async () => {
  const mirror = await aStoredMirror();
  let runs = 0;
  const meanwhile: Meanwhile = { pages: 0, moves: {} };
  move(mirror, meanwhile);
  await fc.assert(
    fc.asyncProperty(moving, async (tasks) => {
      const batch = `batch-${String((runs += 1))}`;
      const { before, moves, ids } = arranged(batch, tasks);
      await put(mirror, before);
      Object.assign(meanwhile, { pages: 0, moves });
      const read = await all(mirror.reader.tasks({ batch }));
      expect(new Set(read.map(({ taskId }) => taskId))).toEqual(new Set(ids));
    }),
    { numRuns: 40 },
  );
});

const testWithBoto3 = hasBoto3 ? test : test.skip;

testWithBoto3('nor by the Python reader, of each status', async () => {
  const mirror = await aStoredMirror();
  const far = { steps: STATUSES.length, at: 5, page: 0 };
  const tasks = STATUSES.flatMap((_, from) => [
    { ...far, from, steps: 0, page: from },
    { ...far, from, steps: 1, page: 2 },
    { ...far, from, steps: 3, page: 4 },
  ]);
  const { before, moves, ids } = arranged('night', tasks);
  await put(mirror, before);

  const [read] = await askPython({ ...mirror, moves }, ['tasks', { batch: 'night' }]);

  const found = (read as { taskId: string }[]).map(({ taskId }) => taskId);
  expect(new Set(found)).toEqual(new Set(ids));
});

test('a task that completes while it is listed comes once, as it was met first', async () => {
  const mirror = await aStoredMirror();
  await put(mirror, [anItem('night', 'a', 'pending', 1), anItem('night', 'b', 'completed', 1)]);
  move(mirror, { pages: 0, moves: { 0: [anItem('night', 'a', 'completed', 9)] } });
  const read = await all(mirror.reader.tasks({ batch: 'night' }));
  expect(read.map(({ taskId, status }) => [taskId, status])).toEqual([
    ['a', 'pending'],
    ['b', 'completed'],
  ]);
});
