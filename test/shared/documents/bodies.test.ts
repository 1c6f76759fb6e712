import { S3Client } from '@aws-sdk/client-s3';

import { type Bodies, createBodies } from '../../../shared/documents/bodies.ts';
import { systemClock } from '../../../shared/platform/clock.ts';
import { createBucket } from '../../support/aws-resources.ts';
import { bodiesContract } from '../../support/contracts/bodies.ts';
import { inMemoryBodies } from '../../support/in-memory-bodies.ts';

const client = new S3Client({});

afterAll(() => {
  client.destroy();
});

describe.each([
  ['in memory', (): Bodies => inMemoryBodies(systemClock)],
  ['in S3', async () => createBodies({ client, bucketName: await createBucket(client) })],
])('bodies %s', (_, create) => {
  bodiesContract(create);
});

test('a bucket that is not there is an error, not an absent body', async () => {
  const bodies = createBodies({ client, bucketName: 'no-such-bucket' });

  await expect(bodies.get('a key')).rejects.toThrow();
  await expect(bodies.list('a')).rejects.toThrow();
  await expect(bodies.put('a key', { bytes: new Uint8Array(), metadata: {} })).rejects.toThrow();
});

test('a bucket that cannot be reached is an error, not an absent body', async () => {
  const unreachable = new S3Client({ endpoint: 'http://127.0.0.1:1', maxAttempts: 1 });
  const bodies = createBodies({ client: unreachable, bucketName: 'bodies' });

  await expect(bodies.get('a key')).rejects.toThrow('ECONNREFUSED');
  await expect(bodies.list('a')).rejects.toThrow('ECONNREFUSED');
});
