import fc from 'fast-check';

import {
  type DirectoryEntry,
  holderOf,
  joined,
  renamed,
} from '../../../shared/coverage/directory.ts';
import { aNamelessEntry, anEntry } from '../../support/contracts/directory.ts';
import { NOON } from '../../support/fake-clock.ts';

const PROJECT = { kind: 'project', id: 'p' } as const;

const aName = fc.constantFrom('', 'A', 'B', 'C', '__proto__', 'é', 'e\u0301');

describe('an entry after a name was seen', () => {
  it('is a settled one where nothing was known', () => {
    expect(renamed(undefined, { ...PROJECT, name: 'A' }, NOON)).toEqual({
      ...PROJECT,
      name: 'A',
      formerNames: [],
      changedAt: NOON,
      isSettled: true,
    });
  });

  it.each([true, false])('is the same one where the name is no news', (isSettled) => {
    const entry = anEntry({ name: 'A', formerNames: ['B'], isSettled });
    expect(renamed(entry, { ...entry, name: 'A' }, NOON + 1)).toBe(entry);
  });

  it('has heads to look after where it had no name', () => {
    const entry = aNamelessEntry({ isSettled: true });
    expect(renamed(entry, { ...entry, name: 'A' }, NOON + 1)).toEqual({
      ...entry,
      name: 'A',
      formerNames: [],
      changedAt: NOON + 1,
      isSettled: false,
    });
  });

  it('has the name before among its former ones', () => {
    const entry = anEntry({ name: 'A', formerNames: ['B', 'C'] });
    expect(renamed(entry, { ...entry, name: 'D' }, NOON + 1)).toEqual({
      ...entry,
      name: 'D',
      formerNames: ['B', 'C', 'A'],
      changedAt: NOON + 1,
      isSettled: false,
    });
  });

  it('after any renames has each name once, the last one as its present', () => {
    fc.assert(
      fc.property(fc.array(aName, { minLength: 1 }), fc.boolean(), (names, isNoted) => {
        const noted = { ...PROJECT, formerNames: [], changedAt: NOON, isSettled: false };
        let entry: DirectoryEntry | undefined = isNoted ? noted : undefined;
        for (const [index, name] of names.entries()) {
          entry = renamed(entry, { ...PROJECT, name }, NOON + index);
        }
        const { name, formerNames = [], changedAt, isSettled } = entry ?? {};
        expect(name).toBe(names.at(-1));
        expect(formerNames).not.toContain(name);
        expect([...formerNames, name].toSorted()).toEqual([...new Set(names)].toSorted());
        const since = names.length - names.toReversed().findIndex((one) => one !== name);
        const lastChange = new Set(names).size === 1 ? 0 : since;
        expect(changedAt).toBe(NOON + lastChange);
        expect(isSettled).toBe(!isNoted && new Set(names).size === 1);
      }),
    );
  });
});

describe('two entries of one id, joined', () => {
  const entry = fc
    .record({
      name: fc.option(aName, { nil: undefined }),
      formerNames: fc.uniqueArray(aName, { maxLength: 4 }),
      changedAt: fc.integer({ min: NOON, max: NOON + 5 }),
      isSettled: fc.boolean(),
    })
    .map(({ name, ...rest }): DirectoryEntry => ({
      ...PROJECT,
      ...(name !== undefined && { name }),
      ...rest,
      formerNames: rest.formerNames.filter((former) => former !== name),
    }));

  const namesOf = (...entries: readonly DirectoryEntry[]) =>
    [
      ...new Set(
        entries.flatMap(({ name, formerNames }) =>
          name === undefined ? formerNames : [...formerNames, name],
        ),
      ),
    ].toSorted();

  it('are the written one where nothing stood', () => {
    const written = anEntry();
    expect(joined(undefined, written)).toBe(written);
  });

  it('are the written one where it was made from what stood', () => {
    fc.assert(
      fc.property(entry, aName, fc.nat(9), (stood, name, ms) => {
        const written = renamed(stood, { ...PROJECT, name }, stood.changedAt + ms);
        expect(joined(stood, written)).toEqual(written);
      }),
    );
  });

  it('are the same when the same is written again', () => {
    fc.assert(
      fc.property(entry, entry, (stood, written) => {
        const once = joined(stood, written);
        expect(joined(once, once)).toEqual(once);
      }),
    );
  });

  it('forget no name, and have each once', () => {
    fc.assert(
      fc.property(entry, entry, (stood, written) => {
        const both = joined(stood, written);
        expect(namesOf(both)).toEqual(namesOf(stood, written));
        expect(new Set(both.formerNames).size).toBe(both.formerNames.length);
        expect(both.formerNames).not.toContain(both.name);
      }),
    );
  });

  it('have the name and time of the later naming, and a name rather than none', () => {
    fc.assert(
      fc.property(entry, entry, (stood, written) => {
        const { name, changedAt } = joined(stood, written);
        const named = [stood, written].filter((one) => one.name !== undefined);
        const from = named.length > 0 ? named : [stood, written];
        expect(changedAt).toBe(Math.max(...from.map((one) => one.changedAt)));
        expect(from.some((one) => one.name === name && one.changedAt === changedAt)).toBe(true);
      }),
    );
  });

  it('are the same whoever came first, unless both named it at once', () => {
    fc.assert(
      fc.property(entry, entry, (a, b) => {
        fc.pre(a.changedAt !== b.changedAt);
        const [one, other] = [joined(a, b), joined(b, a)];
        expect({ ...one, formerNames: one.formerNames.toSorted() }).toEqual({
          ...other,
          formerNames: other.formerNames.toSorted(),
        });
      }),
    );
  });

  it('are settled only where one of them says so', () => {
    fc.assert(
      fc.property(entry, entry, (stood, written) => {
        fc.pre(!written.isSettled);
        expect(joined(stood, written).isSettled).toBe(false);
      }),
    );
  });

  const settled = anEntry({ name: 'A', formerNames: ['B'], isSettled: true });

  it.each<[what: string, stood: Partial<DirectoryEntry>, isSettled: boolean]>([
    ['what stood was the same', { isSettled: false }, true],
    ['the writer knew of more names', { formerNames: [], isSettled: false }, true],
    ['what stood had another former name', { formerNames: ['B', 'C'], isSettled: false }, false],
    ['what stood had another former name, settled', { formerNames: ['C'] }, true],
    ['what stood was named at another time', { changedAt: NOON - 1, isSettled: false }, false],
    ['what stood was named later', { changedAt: NOON + 1, isSettled: false }, false],
    ['both were settled, named at different times', { changedAt: NOON + 1 }, true],
    ['what stood had another name', { name: 'C', changedAt: NOON - 1 }, false],
    ['what stood had another name at once', { name: 'C' }, false],
    ['what stood had no name', { name: undefined, isSettled: false }, false],
  ])('by one who says settled, where %s', (_, stood, isSettled) => {
    expect(joined({ ...settled, ...stood }, settled).isSettled).toBe(isSettled);
  });
});

describe('whatever has a name', () => {
  const entry = (id: string, name: string, changedAt: number, formerNames: string[] = []) =>
    anEntry({ id, name, changedAt, formerNames });

  it('is nothing among none', () => {
    expect(holderOf([], 'A')).toBeUndefined();
    expect(holderOf([entry('1', 'B', 1), aNamelessEntry()], 'A')).toBeUndefined();
  });

  it.each<[what: string, entries: DirectoryEntry[], id: string]>([
    ['the one', [entry('1', 'B', 9), entry('2', 'A', 1)], '2'],
    ['what has it, not what had it', [entry('1', 'B', 9, ['A']), entry('2', 'A', 1)], '2'],
    ['what was named last', [entry('1', 'A', 1), entry('2', 'A', 3), entry('3', 'A', 2)], '2'],
    [
      'what had it last',
      [entry('1', 'B', 1, ['A']), entry('2', 'C', 3, ['B', 'A']), entry('3', 'D', 2, ['A'])],
      '2',
    ],
  ])('is %s', (_, entries, id) => {
    expect(holderOf(entries, 'A')?.id).toBe(id);
  });
});
