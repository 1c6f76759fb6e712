import { randomUUID } from 'node:crypto';

import type { Coverage } from '../../../shared/coverage/coverage.ts';
import type { Lease, MirrorState } from '../../../shared/coverage/mirror-state.ts';
import type { Slice } from '../../../shared/coverage/slice.ts';
import { NOON } from '../fake-clock.ts';

/** A slice with all that can be known of it. */
export function aSlice(members: Partial<Slice> = {}): Slice {
  return {
    status: 'completed',
    filters: '{"status":"completed"}',
    span: { from: NOON - 60_000, until: NOON + 1 },
    openedAt: NOON + 3,
    walkedAt: NOON + 2,
    nextToken: 'a token',
    pages: 3,
    tasks: 297,
    ...members,
  };
}

/** Coverage with all that can be known of it. */
function aCoverage(members: Partial<Coverage> = {}): Coverage {
  return {
    filters: '{"status":"completed"}',
    covered: [
      { until: NOON - 60_000, walkedAt: NOON - 9, lastWalkedAt: NOON - 8 },
      { from: NOON - 30_000, until: NOON, walkedAt: NOON - 7, lastWalkedAt: NOON - 6 },
    ],
    settled: [{ until: NOON - 90_000 }, { from: NOON - 30_000, until: NOON - 10_000 }],
    triedAt: NOON + 5,
    limit: 12,
    isRefused: true,
    ...members,
  };
}

/** What every `MirrorState` promises. */
export function mirrorStateContract(create: () => MirrorState | Promise<MirrorState>): void {
  let state: MirrorState;

  beforeAll(async () => {
    state = await create();
  });

  const aSource = () => `project:${randomUUID()}`;
  const aLease = (members: Partial<Lease> = {}): Lease => ({
    name: `backfill-${randomUUID()}`,
    owner: 'first',
    ...members,
  });

  describe('coverage', () => {
    test('of what was never walked is absent', async () => {
      await expect(state.getCoverage(aSource(), 'completed')).resolves.toBeUndefined();
    });

    test('is read back as it was written', async () => {
      const source = aSource();

      await state.putCoverage(source, 'completed', aCoverage());

      await expect(state.getCoverage(source, 'completed')).resolves.toEqual(aCoverage());
    });

    test('is replaced as a whole', async () => {
      const source = aSource();
      await state.putCoverage(source, 'completed', aCoverage());

      await state.putCoverage(source, 'completed', { filters: '{}', covered: [] });

      await expect(state.getCoverage(source, 'completed')).resolves.toEqual({
        filters: '{}',
        covered: [],
      });
    });

    test('can be of use for a time alone, to the second', async () => {
      const source = aSource();
      const passing = { filters: '{}', covered: [], expiresAt: NOON };

      await state.putCoverage(source, 'completed#range', passing);

      await expect(state.getCoverage(source, 'completed#range')).resolves.toEqual(passing);
    });

    test('is apart for each source and status', async () => {
      const source = aSource();
      await state.putCoverage(source, 'completed', aCoverage());

      await expect(state.getCoverage(source, 'pending')).resolves.toBeUndefined();
      await expect(state.getCoverage(aSource(), 'completed')).resolves.toBeUndefined();
    });
  });

  describe('the account', () => {
    test('is unknown before anybody has looked, and then as it was found last', async () => {
      // One account in a table: whatever stands there is from an earlier call of this contract.
      const found = { answers: true, reason: 'it answers', checkedAt: NOON };
      await state.putV1({ ...found, answers: false });
      await state.putV1(found);
      await expect(state.getV1()).resolves.toEqual(found);
    });

    test('has the sources that were named last', async () => {
      await state.putSources(['project:A', 'batch:B']);
      await state.putSources(['project:A']);
      await expect(state.getSources()).resolves.toEqual(['project:A']);
    });
  });

  describe('slices', () => {
    test('of what was never walked are none', async () => {
      await expect(state.listSlices(aSource())).resolves.toEqual([]);
    });

    test('are read back as they were written', async () => {
      const source = `${aSource()} # "ü" / %20 😀`;
      const fresh = aSlice({ status: 'pending', span: { until: NOON }, nextToken: undefined });
      await state.putSlice(source, aSlice());
      await state.putSlice(source, fresh);

      const read = await state.listSlices(source);

      expect(read).toHaveLength(2);
      expect(read).toContainEqual(aSlice());
      expect(read).toContainEqual(fresh);
    });

    test('each span and status has one, and its later state replaces the one before', async () => {
      const source = aSource();
      await state.putSlice(source, aSlice());
      await state.putSlice(source, aSlice({ span: { until: NOON + 1 } }));
      await state.putSlice(source, aSlice({ pages: 4, nextToken: 'another' }));

      const read = await state.listSlices(source);

      expect(read.map(({ pages }) => pages).toSorted()).toEqual([3, 4]);
    });

    test('one that is removed is gone, and the others stay', async () => {
      const source = aSource();
      const other = aSlice({ status: 'pending' });
      await state.putSlice(source, aSlice());
      await state.putSlice(source, other);

      await state.removeSlice(source, aSlice());
      await state.removeSlice(source, aSlice());

      await expect(state.listSlices(source)).resolves.toEqual([other]);
    });
  });

  describe('a lease', () => {
    const MINUTE = 60_000;

    test('is held by one owner at a time', async () => {
      const lease = aLease();

      await expect(state.holdLease(lease, NOON, NOON + MINUTE)).resolves.toBe(true);

      const second = { ...lease, owner: 'second' };
      await expect(state.holdLease(second, NOON + 1, NOON + MINUTE)).resolves.toBe(false);
    });

    test('goes to one of those who want it at once', async () => {
      const lease = aLease();
      const owners = ['a', 'b', 'c', 'd', 'e'];

      const held = await Promise.all(
        owners.map((owner) => state.holdLease({ ...lease, owner }, NOON, NOON + MINUTE)),
      );

      expect(held.filter(Boolean)).toHaveLength(1);
    });

    test('is extended by its owner', async () => {
      const lease = aLease();
      await state.holdLease(lease, NOON, NOON + MINUTE);

      await expect(state.holdLease(lease, NOON + 1, NOON + 5 * MINUTE)).resolves.toBe(true);

      const second = { ...lease, owner: 'second' };
      await expect(state.holdLease(second, NOON + 2 * MINUTE, NOON + 9 * MINUTE)).resolves.toBe(
        false,
      );
    });

    test.each([
      ['not free at its last millisecond', MINUTE, false],
      ['free a millisecond later', MINUTE + 1, true],
    ])('is %s', async (_, after, isFree) => {
      const lease = aLease();
      await state.holdLease(lease, NOON, NOON + MINUTE);

      const second = { ...lease, owner: 'second' };
      await expect(state.holdLease(second, NOON + after, NOON + 9 * MINUTE)).resolves.toBe(isFree);
    });

    test('that has run out and been taken is not its first owner’s any more', async () => {
      const lease = aLease();
      const second = { ...lease, owner: 'second' };
      await state.holdLease(lease, NOON, NOON + MINUTE);
      await state.holdLease(second, NOON + 2 * MINUTE, NOON + 9 * MINUTE);

      await expect(state.holdLease(lease, NOON + 3 * MINUTE, NOON + 9 * MINUTE)).resolves.toBe(
        false,
      );
    });

    test('is free once its owner has given it back', async () => {
      const lease = aLease();
      await state.holdLease(lease, NOON, NOON + MINUTE);

      await state.releaseLease(lease);

      const second = { ...lease, owner: 'second' };
      await expect(state.holdLease(second, NOON + 1, NOON + MINUTE)).resolves.toBe(true);
    });

    test('is given back by nobody but its owner', async () => {
      const lease = aLease();
      await state.holdLease(lease, NOON, NOON + MINUTE);

      await state.releaseLease({ ...lease, owner: 'second' });

      const third = { ...lease, owner: 'third' };
      await expect(state.holdLease(third, NOON + 1, NOON + MINUTE)).resolves.toBe(false);
    });

    test('that nobody holds can be given back', async () => {
      await expect(state.releaseLease(aLease())).resolves.toBeUndefined();
    });

    test('of another name is another lease', async () => {
      const lease = aLease();
      await state.holdLease(lease, NOON, NOON + MINUTE);

      const other = aLease({ owner: 'second' });
      await expect(state.holdLease(other, NOON, NOON + MINUTE)).resolves.toBe(true);
    });
  });
}
