import {
  type CallbackKey,
  isKeyLabel,
  writeCallbackKeys,
} from '../../shared/platform/callback-keys.ts';
import { toIso } from '../../shared/platform/iso.ts';
import type { Clock } from '../../shared/platform/clock.ts';
import { changeSecret } from '../../shared/platform/secret-store.ts';
import { CommandFailure } from '../failure.ts';
import type { MirrorSecretStore } from '../mirror.ts';
import { keysOf } from './callback-key-set.ts';

export interface AddDependencies {
  readonly store: MirrorSecretStore;
  readonly clock: Clock;
  readonly readKey: (question: string) => Promise<string>;
}

/** Adds a callback key beside those that there are; without a label it is called after the day. */
export async function addKey(
  { store, clock, readKey }: AddDependencies,
  given: string | undefined,
): Promise<CallbackKey> {
  const label = given ?? toIso(clock.now()).slice(0, 'yyyy-mm-dd'.length);
  if (!isKeyLabel(label)) {
    throw new CommandFailure('usage', `"${label}" cannot be the label of a key`, {
      hint: 'up to 64 letters, digits, blanks, "_", "." and "-", the first of them a letter or digit',
    });
  }
  requireFree(keysOf((await store.read()).value), label);
  const key = usable(await readKey('Callback key (Scale\'s "Live Callback Auth Key"): '));
  await changeSecret(store, (value) => {
    const keys = keysOf(value);
    requireFree(keys, label);
    const same = keys.find((one) => one.key === key);
    if (same === undefined) return writeCallbackKeys([...keys, { label, key }]);
    throw new CommandFailure('declined', `this key is there already, as "${same.label}"`);
  });
  return { label, key };
}

function requireFree(keys: readonly CallbackKey[], label: string): void {
  if (keys.every((one) => one.label !== label)) return;
  throw new CommandFailure('declined', `there is a callback key "${label}" already`, {
    hint: 'give another --label',
  });
}

/** As a header can carry it; white space around it comes from pasting. Never part of a message. */
function usable(given: string): string {
  const key = given.trim();
  if (/^[\x20-\x7e]+$/.test(key)) return key;
  const message =
    key === '' ? 'no key was given' : 'the key holds characters that no header can carry';
  throw new CommandFailure('no-key', message, { hint: 'was it pasted whole, and nothing else?' });
}
