import { randomUUID } from 'node:crypto';

import type { Lease, MirrorState, WalkState } from '../../../shared/coverage/mirror-state.ts';
import { NOON } from '../fake-clock.ts';

/** How far a walk has come, with all that can be known of it. */
export function aWalk(members: Partial<WalkState> = {}): WalkState {
  return {
    filters: '{"status":"completed"}',
    from: NOON - 60_000,
    until: NOON + 1,
    walkedAt: NOON + 2,
    nextToken: 'a token',
    pages: 3,
    tasks: 297,
    isDone: false,
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

  describe('walks', () => {
    test('a walk that never began is absent', async () => {
      await expect(state.getWalk(aSource(), 'completed')).resolves.toBeUndefined();
    });

    test('a walk is read back as it was written', async () => {
      const source = aSource();

      await state.putWalk(source, 'completed', aWalk());

      await expect(state.getWalk(source, 'completed')).resolves.toEqual(aWalk());
    });

    test('a later state of a walk replaces the one before as a whole', async () => {
      const source = aSource();
      const done: WalkState = {
        filters: '{}',
        until: NOON,
        walkedAt: NOON,
        pages: 4,
        tasks: 300,
        isDone: true,
      };
      await state.putWalk(source, 'completed', aWalk());

      await state.putWalk(source, 'completed', done);

      const read = await state.getWalk(source, 'completed');
      expect(read).toEqual(done);
      expect([read?.from, read?.nextToken]).toEqual([undefined, undefined]);
    });

    test('each source and status has a walk of its own', async () => {
      const [one, other] = [aSource(), aSource()];
      await state.putWalk(one, 'completed', aWalk({ pages: 1 }));
      await state.putWalk(one, 'pending', aWalk({ pages: 2 }));

      await expect(state.getWalk(one, 'completed')).resolves.toEqual(aWalk({ pages: 1 }));
      await expect(state.getWalk(one, 'pending')).resolves.toEqual(aWalk({ pages: 2 }));
      await expect(state.getWalk(other, 'completed')).resolves.toBeUndefined();
    });

    test('a source may hold any character', async () => {
      const source = `${aSource()} # "ü" / %20 😀`;

      await state.putWalk(source, 'completed', aWalk());

      await expect(state.getWalk(source, 'completed')).resolves.toEqual(aWalk());
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
