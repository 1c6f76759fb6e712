import { setImmediate } from 'node:timers/promises';

import { cachedSecret, type ReadSecret } from '../../../shared/platform/secret.ts';
import { type FakeClock, fakeClock } from '../../support/fake-clock.ts';

const MINUTE = 60_000;

interface Arranged {
  readonly get: ReadSecret;
  readonly clock: FakeClock;
  readonly failures: unknown[];
  /** What the next reads of the store give, each once it is asked for. */
  readonly store: (Promise<string | undefined> | string | Error | undefined)[];
}

function arranged(...store: Arranged['store']): Arranged {
  const clock = fakeClock();
  const failures: unknown[] = [];
  const read: ReadSecret = async () => {
    if (store.length === 0) throw new Error('nobody should have read the store again');
    const next = store.shift();
    if (next instanceof Error) throw next;
    return next;
  };
  const onRefreshFailure = (error: unknown): void => {
    failures.push(error);
  };
  return {
    get: cachedSecret({ read, clock, maxAgeMs: MINUTE, onRefreshFailure }),
    clock,
    failures,
    store,
  };
}

describe('a secret that was read', () => {
  it('is used for a minute', async () => {
    const { get, clock } = arranged('old');
    await get();
    clock.advance(MINUTE - 1);
    expect(await get()).toBe('old');
  });

  it('is used beside the read that comes after a minute, and then replaced', async () => {
    const slow = Promise.withResolvers<string>();
    const { get, clock } = arranged('old', slow.promise);
    await get();
    clock.advance(MINUTE);
    expect(await get()).toBe('old');
    expect(await get()).toBe('old');
    slow.resolve('new');
    await setImmediate();
    expect(await get()).toBe('new');
  });

  it('counts its minute from the beginning of the read', async () => {
    const slow = Promise.withResolvers<string>();
    const { get, clock } = arranged(slow.promise, 'new');
    const first = get();
    clock.advance(MINUTE - 1);
    slow.resolve('old');
    await first;
    clock.advance(1);
    await get();
    await setImmediate();
    expect(await get()).toBe('new');
  });

  it('stays in use for another minute where it cannot be read again', async () => {
    const failure = new Error('unavailable');
    const { get, clock, failures } = arranged('old', failure, 'new');
    await get();
    clock.advance(MINUTE);
    await get();
    await setImmediate();
    clock.advance(MINUTE - 1);
    await get();
    await setImmediate();
    expect(await get()).toBe('old');
    expect(failures).toEqual([failure]);
    clock.advance(1);
    await get();
    await setImmediate();
    expect(await get()).toBe('new');
  });

  it('is gone once the store says that it is empty', async () => {
    const { get, clock } = arranged('old', undefined);
    await get();
    clock.advance(MINUTE);
    await get();
    await setImmediate();
    expect(await get()).toBeUndefined();
  });
});

describe('a secret that lay unused, as in an environment that Lambda has put to sleep', () => {
  it('is read again before it is used: a key may have been withdrawn', async () => {
    const { get, clock } = arranged('old', 'new');
    await get();
    clock.advance(2 * MINUTE);
    expect(await get()).toBe('new');
  });

  it('is used where it cannot be read again', async () => {
    const { get, clock } = arranged('old', new Error('unavailable'));
    await get();
    clock.advance(60 * MINUTE);
    expect(await get()).toBe('old');
  });
});

describe('asked for a value that is not older than 5 seconds', () => {
  const YOUNG = 5_000;

  it('gives the one it has where that is young enough', async () => {
    const { get, clock } = arranged('old');
    await get();
    clock.advance(YOUNG - 1);
    expect(await get(YOUNG)).toBe('old');
  });

  it('reads again otherwise, once for all who ask, and keeps what it has read', async () => {
    const { get, clock } = arranged('old', 'new');
    await get();
    clock.advance(YOUNG);
    expect(await Promise.all([get(YOUNG), get(YOUNG), get(YOUNG)])).toEqual(['new', 'new', 'new']);
    expect(await get()).toBe('new');
  });

  it('does not make do with a read that had begun long before', async () => {
    const slow = Promise.withResolvers<string>();
    const { get, clock } = arranged('old', slow.promise, 'new');
    await get();
    clock.advance(MINUTE);
    await get();
    clock.advance(YOUNG);
    const young = get(YOUNG);
    slow.resolve('middle');
    expect(await young).toBe('new');
  });

  it('fails where that cannot be had, for 5 seconds without asking again', async () => {
    const { get, clock, store } = arranged('old', new Error('unavailable'));
    await get();
    clock.advance(YOUNG);
    await expect(get(YOUNG)).rejects.toThrow('unavailable');
    clock.advance(YOUNG - 1);
    await expect(get(YOUNG)).rejects.toThrow('unavailable');
    expect(await get()).toBe('old');
    store.push('new');
    clock.advance(1);
    expect(await get(YOUNG)).toBe('new');
  });
});

describe('an empty secret', () => {
  it('is looked at again after 5 seconds, and waited for', async () => {
    const { get, clock, store } = arranged(undefined);
    expect(await get()).toBeUndefined();
    clock.advance(4_999);
    expect(await get()).toBeUndefined();
    store.push('filled');
    clock.advance(1);
    expect(await get()).toBe('filled');
    clock.advance(MINUTE - 1);
    expect(await get()).toBe('filled');
  });

  it('is an error where the next look fails, and is looked at again at once', async () => {
    const { get, clock } = arranged(undefined, new Error('unavailable'), 'filled');
    await get();
    clock.advance(5_000);
    await expect(get()).rejects.toThrow('unavailable');
    expect(await get()).toBe('filled');
  });
});

describe('a first read', () => {
  it('is shared by all who ask meanwhile', async () => {
    const slow = Promise.withResolvers<string>();
    const { get } = arranged(slow.promise);
    const asked = [get(), get(), get()];
    slow.resolve('value');
    expect(await Promise.all(asked)).toEqual(['value', 'value', 'value']);
  });

  it('that fails is an error for all who wait, and tried again at the next call', async () => {
    const failure = new Error('unavailable');
    const { get, failures } = arranged(failure, 'value');
    const asked = await Promise.allSettled([get(), get()]);
    expect(asked.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(failures).toEqual([failure]);
    expect(await get()).toBe('value');
  });
});
