import { createHash } from 'node:crypto';

import { type CallbackKey, readCallbackKeys } from '../../shared/platform/callback-keys.ts';
import { CommandFailure } from '../failure.ts';

/** So many hexadecimal digits tell a few keys apart, and give none away. */
const FINGERPRINT_LENGTH = 8;

/** What a key may be called in place of itself. */
export function fingerprintOf(key: string): string {
  return createHash('sha256').update(key).digest('hex').slice(0, FINGERPRINT_LENGTH);
}

/** The keys that the secret holds; a `CommandFailure` where nobody can read them. */
export function keysOf(value: string | undefined): CallbackKey[] {
  try {
    return readCallbackKeys(value ?? '');
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw new CommandFailure('failed', message, {
      hint: 'nothing has been changed; put it right by "aws secretsmanager put-secret-value"',
      cause: error,
    });
  }
}

/** The one key that is called so, by its label or its fingerprint. */
export function findKey(keys: readonly CallbackKey[], called: string): CallbackKey {
  const labelled = keys.filter(({ label }) => label === called);
  const found =
    labelled.length > 0 ? labelled : keys.filter(({ key }) => fingerprintOf(key) === called);
  const [first, second] = found;
  if (first === undefined) {
    throw new CommandFailure('not-found', `there is no callback key "${called}"`, {
      hint: `there are: ${keys.map(({ label }) => label).join(', ') || 'none'}`,
    });
  }
  if (second !== undefined) {
    throw new CommandFailure('usage', `several callback keys are called "${called}"`, {
      hint: 'name the one that you mean by its fingerprint, as "keys list" shows it',
    });
  }
  return first;
}
