import { type CallbackKeys, parseCallbackKeys } from '../../shared/platform/callback-keys.ts';
import { errorName, type Log } from '../../shared/platform/log.ts';
import type { ReadSecret } from '../../shared/platform/secret.ts';

export interface AuthenticateDependencies {
  readonly readCallbackKeys: ReadSecret;
  /** The name of the secret to fill, for the log. */
  readonly callbackKeysSecretId: string;
  readonly log: Log;
}

/** So often a flood of wrong keys has the secret read, in each environment of the function. */
const FRESH_MS = 5_000;

/** Who sent it, as far as anybody can say. */
type Verdict =
  | { readonly kind: 'authentic'; readonly label: string }
  | { readonly kind: 'refused' }
  /** There is no key, or nobody can say which ones are valid. */
  | { readonly kind: 'unknown' };

/**
 * Nobody is refused by keys that may be out of date: where the known ones do not fit, the secret is read
 * again, if the last time was more than {@link FRESH_MS} ago.
 */
export async function authenticate(
  dependencies: AuthenticateDependencies,
  value: string,
): Promise<Verdict> {
  const keys = await loadKeys(dependencies);
  if (keys === undefined) return { kind: 'unknown' };
  const label = keys.labelOf(value);
  if (label !== undefined) return { kind: 'authentic', label };
  // No secret ever holds an empty key.
  if (value === '') return { kind: 'refused' };
  const freshKeys = await loadKeys(dependencies, FRESH_MS);
  if (freshKeys === undefined) return { kind: 'unknown' };
  const freshLabel = freshKeys.labelOf(value);
  return freshLabel === undefined ? { kind: 'refused' } : { kind: 'authentic', label: freshLabel };
}

async function loadKeys(
  { readCallbackKeys, callbackKeysSecretId, log }: AuthenticateDependencies,
  notOlderThanMs?: number,
): Promise<CallbackKeys | undefined> {
  try {
    const keys = parseCallbackKeys(await readCallbackKeys(notOlderThanMs));
    if (keys === undefined) {
      log.error('no callback key: put Scale\'s "Live Callback Auth Key" in this secret', {
        secret: callbackKeysSecretId,
      });
    }
    return keys;
  } catch (error) {
    log.error('callback keys not loaded', {
      secret: callbackKeysSecretId,
      error: errorName(error),
    });
    return undefined;
  }
}
