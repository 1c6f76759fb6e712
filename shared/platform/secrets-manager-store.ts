import { randomUUID } from 'node:crypto';

import {
  GetSecretValueCommand,
  PutSecretValueCommand,
  ResourceNotFoundException,
  type SecretsManagerClient,
  UpdateSecretVersionStageCommand,
} from '@aws-sdk/client-secrets-manager';

import type { SecretStore, SecretVersion } from './secret-store.ts';

const CURRENT = 'AWSCURRENT';

/** Where a value stands until it is the present one. One name for all, so that versions left over are few. */
const NEXT = 'MIRRORNEXT';

/**
 * A secret in Secrets Manager. PutSecretValue alone would overwrite whatever is there; that the label of the present
 * version is taken from the very version that was seen, or the call fails, is UpdateSecretVersionStage's own rule.
 */
export function createSecretStore(client: SecretsManagerClient, SecretId: string): SecretStore {
  const read = async (): Promise<SecretVersion> => {
    try {
      const answer = await client.send(new GetSecretValueCommand({ SecretId }));
      const { SecretString = '', VersionId: version } = answer;
      return { value: SecretString.trim() === '' ? undefined : SecretString, version };
    } catch (error) {
      if (!(error instanceof ResourceNotFoundException)) throw error;
      return { value: undefined, version: undefined };
    }
  };
  return {
    read,
    async replace(value, seen) {
      const next = randomUUID();
      await client.send(
        new PutSecretValueCommand({
          SecretId,
          ClientRequestToken: next,
          SecretString: value,
          VersionStages: [NEXT],
        }),
      );
      try {
        await client.send(
          new UpdateSecretVersionStageCommand({
            SecretId,
            VersionStage: CURRENT,
            MoveToVersionId: next,
            ...(seen !== undefined && { RemoveFromVersionId: seen }),
          }),
        );
        return 'replaced';
      } catch (error) {
        const { version } = await read();
        // The first version of all is the present one by itself, and a call that was tried again meets its own first try.
        if (version === next) return 'replaced';
        if (version !== seen) return 'lost';
        throw error;
      }
    },
  };
}
