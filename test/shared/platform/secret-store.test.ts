import { createServer } from 'node:http';

import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';

import { createSecretStore } from '../../../shared/platform/secrets-manager-store.ts';
import { createSecrets } from '../../../local/emulators/secrets.ts';
import { listen } from '../../../local/listen.ts';
import { describeSecretStore } from '../../support/contracts/secret-store.ts';
import { inMemorySecretStore } from '../../support/in-memory-secret-store.ts';

describe('in memory', () => {
  describeSecretStore((state) => inMemorySecretStore(state === 'empty' ? undefined : 'first'));
});

describe('in Secrets Manager', () => {
  const ends: (() => unknown)[] = [];
  afterEach(async () => {
    for (const end of ends.splice(0)) await end();
  });

  describeSecretStore(async (state) => {
    const answer = createSecrets(new Map([['one', state === 'empty' ? '' : 'first']]));
    const aws = await listen(createServer(answer), 0, 'none');
    const client = new SecretsManagerClient({ endpoint: aws.url });
    ends.push(() => {
      client.destroy();
    }, aws.close);
    return createSecretStore(client, 'one');
  });

  it('that cannot be reached is an error, not an empty secret', async () => {
    const client = new SecretsManagerClient({ endpoint: 'http://127.0.0.1:1', maxAttempts: 1 });
    await expect(createSecretStore(client, 'one').read()).rejects.toThrow('ECONNREFUSED');
  });
});
