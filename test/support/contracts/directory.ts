import { randomUUID } from 'node:crypto';

import type { Directory, DirectoryEntry } from '../../../shared/coverage/directory.ts';
import { renamed } from '../../../shared/coverage/directory.ts';
import { NOON } from '../fake-clock.ts';

/** A project with an id and name of its own. */
export function anEntry(members: Partial<DirectoryEntry> = {}): DirectoryEntry {
  return aNamelessEntry({ name: `name ${randomUUID()}`, isSettled: true, ...members });
}

/** An id of which no name is known. */
export function aNamelessEntry(members: Partial<DirectoryEntry> = {}): DirectoryEntry {
  return {
    kind: 'project',
    id: randomUUID(),
    formerNames: [],
    changedAt: NOON,
    isSettled: false,
    ...members,
  };
}

/** Strings that an adapter might confuse or refuse. */
const oddStrings: readonly string[] = [
  '',
  '#',
  'id#',
  'name#',
  'id#name#1',
  'name#id#1',
  'project',
  'é',
  'e\u0301',
  'É',
  '😀',
  '\u202eabc',
  'a\u0000b',
  ' ',
  '\uffff',
  '"\\/',
  'x'.repeat(900),
  'é'.repeat(450),
];

/** What every `Directory` promises. */
export function directoryContract(create: () => Directory | Promise<Directory>): void {
  let directory: Directory;

  beforeEach(async () => {
    directory = await create();
  });

  /** As a writer does that has just read the entry. */
  const rename = async ({ kind, id }: DirectoryEntry, name: string, now: number) => {
    const entry = await directory.getById(kind, id);
    return directory.put(renamed(entry, { kind, id, name }, now));
  };

  test('nothing is known at first', async () => {
    await expect(directory.getById('project', 'p')).resolves.toBeUndefined();
    await expect(directory.getByName('project', 'p')).resolves.toBeUndefined();
    await expect(directory.list('project')).resolves.toEqual([]);
  });

  test.each<[what: string, entry: DirectoryEntry]>([
    ['with a name', anEntry()],
    ['without a name', aNamelessEntry()],
    ['with former names', anEntry({ formerNames: ['one', '', 'two'], isSettled: false })],
    ['of a batch', anEntry({ kind: 'batch' })],
  ])('an entry %s is read back as it was written', async (_, entry) => {
    await expect(directory.put(entry)).resolves.toEqual(entry);

    await expect(directory.getById(entry.kind, entry.id)).resolves.toEqual(entry);
    await expect(directory.list(entry.kind)).resolves.toEqual([entry]);
  });

  test('projects and batches are known apart', async () => {
    const project = anEntry({ id: '1', name: 'same' });
    const batch = anEntry({ kind: 'batch', id: '1', name: 'same', changedAt: NOON + 1 });
    await directory.put(project);
    await expect(directory.getById('batch', '1')).resolves.toBeUndefined();
    await expect(directory.getByName('batch', 'same')).resolves.toBeUndefined();

    await directory.put(batch);

    await expect(directory.getByName('project', 'same')).resolves.toEqual(project);
    await expect(directory.getByName('batch', 'same')).resolves.toEqual(batch);
    await expect(directory.list('project')).resolves.toEqual([project]);
    await expect(directory.list('batch')).resolves.toEqual([batch]);
  });

  test('ids and names may be any text, and none is taken for another', async () => {
    const entries = oddStrings.map((odd, index) =>
      anEntry({ id: odd, name: oddStrings[index + 1] ?? oddStrings[0], formerNames: [odd] }),
    );

    for (const entry of entries) await directory.put(entry);

    for (const entry of entries) {
      await expect(directory.getById('project', entry.id)).resolves.toEqual(entry);
      await expect(directory.getByName('project', entry.name ?? '')).resolves.toEqual(entry);
    }
    const ids = (await directory.list('project')).map(({ id }) => id);
    expect(ids.toSorted()).toEqual([...oddStrings].toSorted());
  });

  describe('an id that is noted', () => {
    test('has no name, and is unsettled', async () => {
      const noted = { kind: 'batch', id: 'b', formerNames: [], changedAt: NOON, isSettled: false };

      await expect(directory.note('batch', { id: 'b' }, NOON)).resolves.toEqual(noted);

      await expect(directory.getById('batch', 'b')).resolves.toEqual(noted);
      await expect(directory.list('batch')).resolves.toEqual([noted]);
    });

    test.each([
      ['its name', anEntry({ formerNames: ['before'] })],
      ['when it was noted first', aNamelessEntry({ changedAt: NOON - 1 })],
      ['that nothing stands under it any more', aNamelessEntry({ isSettled: true })],
    ])('is told what is known of it: %s', async (_, entry) => {
      await directory.put(entry);

      await expect(
        directory.note(entry.kind, { id: entry.id, name: 'other' }, NOON + 9),
      ).resolves.toEqual(entry);

      await expect(directory.getById(entry.kind, entry.id)).resolves.toEqual(entry);
    });

    test('with its name is settled, and its name leads to it', async () => {
      const noted = {
        kind: 'batch',
        id: 'b',
        name: 'night',
        formerNames: [],
        changedAt: NOON,
        isSettled: true,
      };

      await expect(directory.note('batch', { id: 'b', name: 'night' }, NOON)).resolves.toEqual(
        noted,
      );

      await expect(directory.getById('batch', 'b')).resolves.toEqual(noted);
      await expect(directory.getByName('batch', 'night')).resolves.toEqual(noted);
    });

    test('with a name that another has had takes it over', async () => {
      await directory.put(anEntry({ name: 'X' }));

      const noted = await directory.note('project', { id: 'p', name: 'X' }, NOON + 1);

      await expect(directory.getByName('project', 'X')).resolves.toEqual(noted);
    });

    test('by many at once is noted once', async () => {
      const noted = await Promise.all(
        [1, 2, 3, 4, 5].map((ms) => directory.note('batch', { id: 'b' }, NOON + ms)),
      );

      const stands = await directory.getById('batch', 'b');
      expect(noted).toEqual(noted.map(() => stands));
    });
  });

  describe('a name', () => {
    test('leads to what has it', async () => {
      const entry = anEntry();
      await directory.put(entry);
      await directory.put(anEntry());

      await expect(directory.getByName('project', entry.name ?? '')).resolves.toEqual(entry);
    });

    test('leads to what had it, while no other has it', async () => {
      const entry = await directory.put(anEntry({ name: 'old' }));

      const now = await rename(entry, 'new', NOON + 1);

      expect(now).toMatchObject({ name: 'new', formerNames: ['old'], isSettled: false });
      await expect(directory.getByName('project', 'old')).resolves.toEqual(now);
      await expect(directory.getByName('project', 'new')).resolves.toEqual(now);
    });

    test('leads to another that has it now', async () => {
      const first = await directory.put(anEntry({ name: 'old' }));
      await rename(first, 'new', NOON + 1);

      const second = await directory.put(anEntry({ name: 'old', changedAt: NOON + 2 }));

      await expect(directory.getByName('project', 'old')).resolves.toEqual(second);
      await expect(directory.getByName('project', 'new')).resolves.toMatchObject({ id: first.id });
    });

    test('leads to what has it now, though another had it later and has gone on', async () => {
      const first = await directory.put(anEntry({ name: 'X' }));
      const second = await directory.put(anEntry({ name: 'X', changedAt: NOON + 1 }));

      await rename(second, 'Z', NOON + 2);

      await expect(directory.getByName('project', 'X')).resolves.toEqual(first);
    });

    test('leads to the one of two that got it later, whichever is written last', async () => {
      const early = anEntry({ name: 'X', isSettled: false });
      const late = anEntry({ name: 'X', changedAt: NOON + 1 });
      await directory.put(late);
      await directory.put(early);
      await directory.put({ ...early, isSettled: true });

      await expect(directory.getByName('project', 'X')).resolves.toEqual(late);
    });

    test('that nobody has any more leads to what had it last', async () => {
      const first = await directory.put(anEntry({ name: 'X' }));
      await rename(first, 'Y', NOON + 1);
      const second = await directory.put(anEntry({ name: 'X', changedAt: NOON + 2 }));
      const now = await rename(second, 'Z', NOON + 3);

      await expect(directory.getByName('project', 'X')).resolves.toEqual(now);
    });

    test('that comes back is a former one no more', async () => {
      const entry = await directory.put(anEntry({ name: 'A' }));
      await rename(entry, 'B', NOON + 1);

      const back = await rename(entry, 'A', NOON + 2);

      expect(back).toMatchObject({ name: 'A', formerNames: ['B'] });
      await expect(directory.getByName('project', 'A')).resolves.toEqual(back);
      await expect(directory.getByName('project', 'B')).resolves.toEqual(back);
    });

    test('that is found for a noted id leads to it', async () => {
      const noted = await directory.note('batch', { id: 'b' }, NOON);

      const named = await rename(noted, 'night', NOON + 1);

      expect(named).toEqual({ ...noted, name: 'night', changedAt: NOON + 1 });
      await expect(directory.getByName('batch', 'night')).resolves.toEqual(named);
    });
  });

  describe('a writer who does not know what stands there', () => {
    test('forgets no id that was noted meanwhile', async () => {
      const seen = { kind: 'batch', id: 'b', name: 'night' } as const;
      const named = renamed(undefined, seen, NOON);
      await directory.note('batch', { id: 'b' }, NOON + 1);

      const put = await directory.put(named);

      expect(put).toEqual({ ...named, isSettled: false });
      await expect(directory.getById('batch', 'b')).resolves.toEqual(put);
      await expect(directory.getByName('batch', 'night')).resolves.toEqual(put);
    });

    test('forgets no name', async () => {
      const entry = await directory.put(anEntry({ name: 'A' }));
      await directory.put(renamed(entry, { ...entry, name: 'B' }, NOON + 1));

      await directory.put(renamed(entry, { ...entry, name: 'C' }, NOON + 2));

      const stands = await directory.getById('project', entry.id);
      expect(stands).toMatchObject({ name: 'C', changedAt: NOON + 2, isSettled: false });
      expect(stands?.formerNames.toSorted()).toEqual(['A', 'B']);
    });

    test('takes no later name back', async () => {
      const entry = await directory.put(anEntry({ name: 'A' }));
      await directory.put(renamed(entry, { ...entry, name: 'C' }, NOON + 2));

      await directory.put(renamed(entry, { ...entry, name: 'B' }, NOON + 1));

      const stands = await directory.getById('project', entry.id);
      expect(stands).toMatchObject({ name: 'C', changedAt: NOON + 2, isSettled: false });
      expect(stands?.formerNames.toSorted()).toEqual(['A', 'B']);
      await expect(directory.getByName('project', 'B')).resolves.toEqual(stands);
    });

    test('does not settle a name that came meanwhile', async () => {
      const entry = await directory.put(anEntry({ isSettled: false }));
      const now = await rename(entry, 'new', NOON + 1);

      await expect(directory.put({ ...entry, isSettled: true })).resolves.toEqual(now);

      await expect(directory.getById('project', entry.id)).resolves.toEqual(now);
    });

    test('is one of many at once, and nothing is forgotten', async () => {
      const names = ['A', 'B', 'C', 'D', 'E'];
      const entry = await directory.put(anEntry({ name: '0' }));

      await Promise.all(
        names.map((name, index) =>
          directory.put(renamed(entry, { ...entry, name }, NOON + 1 + index)),
        ),
      );

      const stands = await directory.getById('project', entry.id);
      expect(stands?.name).toBe('E');
      expect(stands?.formerNames.toSorted()).toEqual(['0', 'A', 'B', 'C', 'D']);
      for (const name of ['0', ...names]) {
        await expect(directory.getByName('project', name)).resolves.toEqual(stands);
      }
    });
  });

  test('an entry is settled, and unsettled, by who knows it', async () => {
    const entry = await directory.put(anEntry({ formerNames: ['old'], isSettled: false }));

    await expect(directory.put({ ...entry, isSettled: true })).resolves.toMatchObject({
      isSettled: true,
    });
    await expect(directory.put({ ...entry, isSettled: false })).resolves.toMatchObject({
      isSettled: false,
    });
  });
}
