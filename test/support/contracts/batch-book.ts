import { randomUUID } from 'node:crypto';

import type { BatchBook, FollowedBatch } from '../../../shared/coverage/batch-book.ts';
import { NOON } from '../fake-clock.ts';

/** A batch with an id of its own, and all that can be known of it. */
export function aFollowedBatch(members: Partial<FollowedBatch> = {}): FollowedBatch {
  return {
    id: randomUUID(),
    name: 'night',
    project: { id: 'project_1', name: 'Street scenes' },
    status: 'in_progress',
    createdAt: '2026-11-20T10:00:00.000Z',
    completedAt: undefined,
    counts: { pending: 2, completed: 1 },
    checkedAt: NOON,
    ...members,
  };
}

/** What every `BatchBook` promises. */
export function batchBookContract(create: () => BatchBook | Promise<BatchBook>): void {
  let book: BatchBook;

  beforeAll(async () => {
    book = await create();
  });

  const isOpen = async (id: string) => (await book.listOpen()).some((batch) => batch.id === id);

  test('a batch that nobody follows is absent', async () => {
    await expect(book.get(randomUUID())).resolves.toBeUndefined();
  });

  test.each<[what: string, members: Partial<FollowedBatch>]>([
    ['all that can be known', { completedAt: '2026-11-21T10:00:00.000Z' }],
    [
      'nothing that need not be known',
      { project: {}, createdAt: undefined, counts: undefined, name: '' },
    ],
    ['the id of its project alone', { project: { id: 'project_1' } }],
    ['the name of its project alone', { project: { name: 'Street scenes' } }],
    ['since when it stands still', { changedAt: NOON - 60_000 }],
    ['no tasks', { counts: {} }],
    ['tasks of any status', { counts: { '': 1, 'in_progress #1': 0, '😀': 2 ** 53 - 1 } }],
    ['a status of tomorrow', { status: 'archived' }],
    ['a time that is no time', { createdAt: 'yesterday' }],
    ['odd names', { name: 'é e\u0301 😀 \u202e # "\\ \u0000', project: { name: '', id: '#' } }],
    ['a name of 900 bytes', { name: 'é'.repeat(450) }],
  ])('a batch is read back as it was written, with %s', async (_, members) => {
    const batch = aFollowedBatch(members);

    await book.put(batch);

    const read = await book.get(batch.id);
    expect(read).toEqual(batch);
    expect((await book.listOpen()).find(({ id }) => id === batch.id)).toEqual(batch);
  });

  test('an id may hold any character', async () => {
    const ids = ['a#b', 'a#', '#', 'batches', 'é', 'e\u0301', '😀 "/\\'].map(
      (end) => `${randomUUID()}${end}`,
    );
    const batches = ids.map((id) => aFollowedBatch({ id, name: id }));

    for (const batch of batches) await book.put(batch);

    for (const batch of batches) await expect(book.get(batch.id)).resolves.toEqual(batch);
  });

  test('a later answer replaces the one before as a whole', async () => {
    const before = aFollowedBatch();
    const later = {
      ...before,
      project: {},
      counts: undefined,
      createdAt: undefined,
      status: 'paused',
      checkedAt: NOON + 1,
    };
    await book.put(before);

    await book.put(later);

    const read = await book.get(before.id);
    expect(read).toEqual(later);
    expect([read?.counts, read?.createdAt, read?.project.id]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });

  test.each([
    ['an earlier answer changes nothing', -1, 'in_progress'],
    ['of two answers at once the one written last counts', 0, 'paused'],
  ])('%s', async (_, after, status) => {
    const batch = aFollowedBatch();
    await book.put(batch);

    await expect(
      book.put({ ...batch, status: 'paused', checkedAt: NOON + after }),
    ).resolves.toBeUndefined();

    await expect(book.get(batch.id)).resolves.toMatchObject({ status });
  });

  test.each(['staging', 'in_progress', 'paused', 'archived', ''])(
    'a batch is open while it is %j',
    async (status) => {
      const batch = aFollowedBatch({ status });

      await book.put(batch);

      await expect(isOpen(batch.id)).resolves.toBe(true);
    },
  );

  test.each(['completed', 'cancelled', 'canceled', 'deleted'])(
    'a batch that has ended is known and not open: %s',
    async (status) => {
      const batch = aFollowedBatch();
      await book.put(batch);

      await book.put({ ...batch, status, checkedAt: NOON + 1 });

      await expect(isOpen(batch.id)).resolves.toBe(false);
      await expect(book.get(batch.id)).resolves.toMatchObject({ status });
    },
  );

  test('a batch that goes on after its end is open again', async () => {
    const batch = aFollowedBatch({ status: 'completed' });
    await book.put(batch);

    await book.put({ ...batch, status: 'in_progress', checkedAt: NOON + 1 });

    await expect(isOpen(batch.id)).resolves.toBe(true);
  });

  test('an earlier answer does not open a batch that has ended', async () => {
    const batch = aFollowedBatch({ status: 'completed' });
    await book.put(batch);

    await book.put({ ...batch, status: 'in_progress', checkedAt: NOON - 1 });

    await expect(isOpen(batch.id)).resolves.toBe(false);
  });
}
