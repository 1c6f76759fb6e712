import {
  GetSecretValueCommand,
  ResourceNotFoundException,
  type SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';

import type { Clock } from './clock.ts';

/**
 * Reads one secret; `undefined` while nobody has filled it. With `notOlderThanMs` it is one that was read
 * within that time, or an error.
 */
export type ReadSecret = (notOlderThanMs?: number) => Promise<string | undefined>;

/** A secret in Secrets Manager. One that was created without a value answers ResourceNotFound. */
export function readSecretsManager(client: SecretsManagerClient, secretId: string): ReadSecret {
  return async () => {
    try {
      const { SecretString } = await client.send(new GetSecretValueCommand({ SecretId: secretId }));
      return SecretString === undefined || SecretString.trim() === '' ? undefined : SecretString;
    } catch (error) {
      if (error instanceof ResourceNotFoundException) return undefined;
      throw error;
    }
  };
}

export interface CachedSecretDependencies {
  readonly read: ReadSecret;
  readonly clock: Clock;
  /** How long a value is used before it is read again. */
  readonly maxAgeMs: number;
  /** Called when a refresh failed; the last good value stays in use. */
  readonly onRefreshFailure: (error: unknown) => void;
}

/** An empty secret is looked at again this soon: somebody may be filling it right now. */
const EMPTY_MAX_AGE_MS = 5_000;

interface Held {
  readonly value: string | undefined;
  /** When the read began that gave it, or that failed to give a newer one. */
  readonly readAt: number;
  readonly until: number;
  /** Of the last read, if that failed. */
  readonly failure?: { readonly error: unknown };
}

/**
 * Keeps a secret for `maxAgeMs`. A value that was good once stays in use when Secrets Manager fails, and
 * is refreshed beside the traffic. Callers wait for a first read, for an empty secret, and for a value
 * more than twice as old, as an environment holds it that Lambda has put to sleep: its key may have been
 * withdrawn. A first read that fails is thrown and tried again at the next call.
 */
export function cachedSecret(dependencies: CachedSecretDependencies): ReadSecret {
  const { read, clock, maxAgeMs, onRefreshFailure } = dependencies;
  let held: Held | undefined;
  let reading: Promise<Held> | undefined;

  const refresh = async (): Promise<Held> => {
    const readAt = clock.now();
    try {
      const value = await read();
      const until = readAt + (value === undefined ? EMPTY_MAX_AGE_MS : maxAgeMs);
      held = { value, readAt, until };
    } catch (error) {
      onRefreshFailure(error);
      if (held?.value === undefined) throw error;
      held = { value: held.value, readAt, until: readAt + maxAgeMs, failure: { error } };
    } finally {
      reading = undefined;
    }
    return held;
  };
  const next = (): Promise<Held> => (reading ??= refresh());

  return async (notOlderThanMs) => {
    const now = clock.now();
    if (notOlderThanMs !== undefined) {
      const first = isYoung(held, now, notOlderThanMs) ? held : await next();
      // A read that others had begun may be older.
      const { value, failure } = isYoung(first, now, notOlderThanMs) ? first : await next();
      if (failure !== undefined) throw failure.error;
      return value;
    }
    if (held !== undefined && now < held.until) return held.value;
    const refreshed = next();
    const isUsable = held?.value !== undefined && now < held.until + maxAgeMs;
    return isUsable ? held?.value : (await refreshed).value;
  };
}

function isYoung(held: Held | undefined, now: number, ageMs: number): held is Held {
  return held !== undefined && now - held.readAt < ageMs;
}
