import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';

import { readSecretsManager } from '../../../shared/platform/secret.ts';

const client = new SecretsManagerClient({});

afterAll(() => {
  client.destroy();
});

test('a filled secret is read', async () => {
  await expect(readSecretsManager(client, 'full')()).resolves.toBe('a-secret');
});

test('a secret that nobody has filled is absent', async () => {
  await expect(readSecretsManager(client, 'empty')()).resolves.toBeUndefined();
});

test('each read looks again', async () => {
  const read = readSecretsManager(client, 'full');

  await expect(Promise.all([read(), read()])).resolves.toEqual(['a-secret', 'a-secret']);
});

test('a Secrets Manager that cannot be reached is an error, not an empty secret', async () => {
  const endpoint = 'http://127.0.0.1:1';
  const unreachable = new SecretsManagerClient({ endpoint, maxAttempts: 1 });

  await expect(readSecretsManager(unreachable, 'full')()).rejects.toThrow('ECONNREFUSED');
});
