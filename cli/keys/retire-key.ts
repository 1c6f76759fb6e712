import type { CallbackKey } from '../../shared/platform/callback-keys.ts';
import { writeCallbackKeys } from '../../shared/platform/callback-keys.ts';
import type { Clock } from '../../shared/platform/clock.ts';
import { toIso } from '../../shared/platform/iso.ts';
import { changeSecret } from '../../shared/platform/secret-store.ts';
import { CommandFailure } from '../failure.ts';
import type { MirrorSecretStore } from '../mirror.ts';
import { findKey, keysOf } from './callback-key-set.ts';
import { type KeyListDependencies, lastUsedOf } from './list-keys.ts';

export interface RetireDependencies extends KeyListDependencies {
  readonly store: MirrorSecretStore;
  readonly clock: Clock;
}

/** Scale tries a callback again for so long, with the key that it had. */
const RETRIES_MS = 24 * 60 * 60_000;

/** Takes a callback key out, unless it may still be in use: then only by force. */
export async function retireKey(
  dependencies: RetireDependencies,
  called: string,
  isForced: boolean,
): Promise<CallbackKey> {
  const { store } = dependencies;
  const keys = keysOf((await store.read()).value);
  const retired = findKey(keys, called);
  if (!isForced) {
    requireOthers(keys, retired);
    await requireUnused(dependencies, keys, retired);
  }
  await changeSecret(store, (value) => {
    const now = keysOf(value);
    if (!isForced) requireOthers(now, retired);
    const left = now.filter(({ key }) => key !== retired.key);
    if (left.length < now.length) return writeCallbackKeys(left);
    throw new CommandFailure('not-found', `somebody else has retired "${retired.label}" meanwhile`);
  });
  return retired;
}

function requireOthers(keys: readonly CallbackKey[], { label, key }: CallbackKey): void {
  if (keys.some((one) => one.key !== key)) return;
  throw new CommandFailure('needs-force', `"${label}" is the last callback key`, {
    hint: 'without one every callback is answered with 503; add the next one first, or give --force',
  });
}

async function requireUnused(
  { clock, ...dependencies }: RetireDependencies,
  keys: readonly CallbackKey[],
  retired: CallbackKey,
): Promise<void> {
  const lastUsed = (await lastUsedOf(dependencies, keys))(retired);
  if (lastUsed === 'never') return;
  const hint = 'callbacks signed by it would be refused; give --force if that is meant';
  if (lastUsed === 'unknown') {
    const message = `when "${retired.label}" was last used is not known`;
    throw new CommandFailure('needs-force', message, { hint });
  }
  if (clock.now() - lastUsed >= RETRIES_MS) return;
  const message = `"${retired.label}" was used in the hour before ${toIso(lastUsed)}, which is less than a day ago`;
  throw new CommandFailure('needs-force', message, { hint });
}
