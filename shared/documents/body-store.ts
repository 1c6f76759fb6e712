import { PutObjectCommand, S3Client, type S3ClientConfig } from '@aws-sdk/client-s3';

import type { Bodies } from './bodies.ts';

export interface BodiesSettings {
  readonly client: S3Client;
  readonly bucketName: string;
}

/** The half of {@link Bodies} that ingest needs, apart, so that its bundle has not all of S3. */
export function createBodyStore({ client, bucketName }: BodiesSettings): Pick<Bodies, 'put'> {
  return {
    async put(Key, { bytes, metadata }) {
      await client.send(
        new PutObjectCommand({ Bucket: bucketName, Key, Body: bytes, Metadata: metadata }),
      );
    },
  };
}

/** The same with a client of its own. */
export function openBodyStore(bucketName: string, config: S3ClientConfig): Pick<Bodies, 'put'> {
  return createBodyStore({ client: new S3Client(config), bucketName });
}
