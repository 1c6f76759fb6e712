import {
  GetSecretValueCommand,
  ResourceNotFoundException,
  type SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';

import type { Clock } from './clock.ts';

/** Reads one secret; `undefined` while nobody has filled it. */
export type ReadSecret = () => Promise<string | undefined>;

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

/**
 * Keeps a secret for `maxAgeMs`. A value that was good once is never waited for again: it is refreshed
 * beside the traffic, and stays in use when Secrets Manager fails. Only a first read, or an empty
 * secret, makes the caller wait; a first read that fails is thrown and tried again at the next call.
 */
export function cachedSecret(dependencies: CachedSecretDependencies): ReadSecret {
  const { read, clock, maxAgeMs, onRefreshFailure } = dependencies;
  let held: { readonly value: string | undefined; readonly until: number } | undefined;
  let reading: Promise<string | undefined> | undefined;

  const refresh = async (): Promise<string | undefined> => {
    const startedAt = clock.now();
    try {
      const value = await read();
      held = { value, until: startedAt + (value === undefined ? EMPTY_MAX_AGE_MS : maxAgeMs) };
    } catch (error) {
      onRefreshFailure(error);
      if (held?.value === undefined) throw error;
      held = { value: held.value, until: startedAt + maxAgeMs };
    } finally {
      reading = undefined;
    }
    return held.value;
  };

  return async () => {
    if (held !== undefined && clock.now() < held.until) return held.value;
    reading ??= refresh();
    return held?.value ?? reading;
  };
}
