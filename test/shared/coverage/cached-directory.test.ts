import { cachedDirectory } from '../../../shared/coverage/cached-directory.ts';
import type { Directory } from '../../../shared/coverage/directory.ts';
import { fakeClock, NOON } from '../../support/fake-clock.ts';
import { inMemoryDirectory } from '../../../prove/ports/in-memory-directory.ts';

const MINUTE_MS = 60_000;

/** A directory that counts how often it is really asked, and the same behind the cache. */
function aCachedDirectory() {
  const clock = fakeClock();
  const behind = inMemoryDirectory();
  const asked: string[] = [];
  const counted: Pick<Directory, 'getByName' | 'note'> = {
    getByName: (kind, name) => {
      asked.push(`${kind} named ${name}`);
      return behind.getByName(kind, name);
    },
    note: (kind, seen, now) => {
      asked.push(`${kind} ${seen.id}`);
      return behind.note(kind, seen, now);
    },
  };
  return { clock, behind, asked, cached: cachedDirectory(counted, clock) };
}

it('a known name is read once in five minutes', async () => {
  const { clock, behind, asked, cached } = aCachedDirectory();
  await behind.note('batch', { id: 'b1', name: 'night' }, NOON);
  for (let minute = 0; minute < 7; minute += 1) {
    expect(await cached.getByName('batch', 'night')).toMatchObject({ id: 'b1' });
    clock.advance(MINUTE_MS);
  }
  expect(asked).toHaveLength(2);
});

it('tasks side by side ask once for the name that all of them have', async () => {
  const { behind, asked, cached } = aCachedDirectory();
  await behind.note('batch', { id: 'b1', name: 'night' }, NOON);
  const found = await Promise.all([1, 2, 3].map(() => cached.getByName('batch', 'night')));
  expect(found.map((entry) => entry?.id)).toEqual(['b1', 'b1', 'b1']);
  expect(asked).toHaveLength(1);
});

it('a name that could not be read is asked for again by the next', async () => {
  const { behind, clock } = aCachedDirectory();
  let fails = true;
  const cached = cachedDirectory(
    {
      ...behind,
      getByName: (kind, name) => {
        if (fails) return Promise.reject(new Error('no DynamoDB'));
        return behind.getByName(kind, name);
      },
    },
    clock,
  );
  await behind.note('batch', { id: 'b1', name: 'night' }, NOON);
  await expect(cached.getByName('batch', 'night')).rejects.toThrow('no DynamoDB');
  fails = false;
  expect(await cached.getByName('batch', 'night')).toMatchObject({ id: 'b1' });
});

it('an id is noted once in five minutes, and a rename is seen after them', async () => {
  const { clock, behind, asked, cached } = aCachedDirectory();
  const seen = { id: 'p1', name: 'Streets' };
  await cached.note('project', seen, NOON);
  await cached.note('project', seen, NOON);
  expect(asked).toHaveLength(1);
  const entry = await behind.getById('project', 'p1');
  if (entry) await behind.put({ ...entry, name: 'Roads', formerNames: ['Streets'] });
  clock.advance(5 * MINUTE_MS + 1);
  expect(await cached.note('project', seen, NOON)).toMatchObject({ name: 'Roads' });
});

it.each([
  [
    'a name that nobody has',
    (cached: Pick<Directory, 'getByName' | 'note'>) => cached.getByName('batch', 'night'),
  ],
  ['an id without a name', (cached) => cached.note('batch', { id: 'b1' }, NOON)],
])('%s is asked for again after a minute: somebody may have found it out', async (_, ask) => {
  const { clock, behind, asked, cached } = aCachedDirectory();
  await ask(cached);
  await ask(cached);
  expect(asked).toHaveLength(1);
  await behind.put({
    kind: 'batch',
    id: 'b1',
    name: 'night',
    formerNames: [],
    changedAt: NOON,
    isSettled: true,
  });
  clock.advance(MINUTE_MS + 1);
  expect(await ask(cached)).toMatchObject({ id: 'b1', name: 'night' });
});

it('projects and batches, ids and names are kept apart', async () => {
  const { behind, cached } = aCachedDirectory();
  await behind.note('project', { id: 'same', name: 'other' }, NOON);
  await behind.note('batch', { id: 'other', name: 'same' }, NOON);
  expect(await cached.note('project', { id: 'same' }, NOON)).toMatchObject({ name: 'other' });
  expect(await cached.getByName('batch', 'same')).toMatchObject({ id: 'other' });
  expect(await cached.getByName('project', 'same')).toBeUndefined();
  expect(await cached.note('batch', { id: 'same' }, NOON)).toMatchObject({ name: undefined });
});

it('a failure is not kept', async () => {
  const { behind } = aCachedDirectory();
  let isDown = true;
  const cached = cachedDirectory(
    {
      ...behind,
      getByName: (kind, name) =>
        isDown ? Promise.reject(new Error('throttled')) : behind.getByName(kind, name),
    },
    fakeClock(),
  );
  await expect(cached.getByName('batch', 'night')).rejects.toThrow('throttled');
  isDown = false;
  expect(await cached.getByName('batch', 'night')).toBeUndefined();
});
