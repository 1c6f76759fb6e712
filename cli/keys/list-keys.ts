import type { CallbackKey } from '../../shared/platform/callback-keys.ts';
import type { Mirror } from '../mirror.ts';
import { fingerprintOf, keysOf } from './callback-key-set.ts';

/** `never`: not as far back as anybody looks. `unknown`: nobody counts, or it could not be read. */
export type LastUsed = number | 'never' | 'unknown';

/** A callback key as it may be shown. */
export interface ListedKey {
  readonly label: string;
  readonly fingerprint: string;
  /** Epoch milliseconds, to the hour. */
  readonly lastUsed: LastUsed;
}

export interface KeyListDependencies {
  readonly mirror: Pick<Mirror, 'secretStore' | 'keyUsage'>;
  readonly tell: (line: string) => void;
}

/** The callback keys of a mirror, without the keys. */
export async function listKeys({ mirror, tell }: KeyListDependencies): Promise<ListedKey[]> {
  const store = await mirror.secretStore('callbackKeys');
  const keys = keysOf((await store.read()).value);
  const lastUsed = await lastUsedOf({ mirror, tell }, keys);
  return keys.map((key) => ({
    label: key.label,
    fingerprint: fingerprintOf(key.key),
    lastUsed: lastUsed(key),
  }));
}

/** Says when each key was last used, as far as it can be known. */
export async function lastUsedOf(
  { mirror, tell }: KeyListDependencies,
  keys: readonly CallbackKey[],
): Promise<(key: CallbackKey) => LastUsed> {
  try {
    const usage = await mirror.keyUsage();
    const found = await usage.lastUsed(keys.map(({ label }) => label));
    return ({ label }) => found.get(label) ?? 'unknown';
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    tell(`When keys were last used could not be read: ${why}`);
  }
  return () => 'unknown';
}
