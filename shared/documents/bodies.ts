import {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  NoSuchKey,
  NotFound,
} from '@aws-sdk/client-s3';

import { type BodiesSettings, createBodyStore } from './body-store.ts';

/** An object of the `Bodies` bucket. `metadata` travels as S3 user metadata: ASCII, lower-case names. */
export interface StoredBody {
  readonly bytes: Uint8Array;
  readonly metadata: Readonly<Record<string, string>>;
}

export interface ListedBody {
  readonly key: string;
  /** When it was written, epoch milliseconds. */
  readonly writtenAt: number;
  /** How many there are. */
  readonly bytes: number;
}

/** The `Bodies` bucket: what is too big for a message or an item, and what nobody understood. */
export interface Bodies {
  /** Resolves once the bytes are durable. */
  put(key: string, body: StoredBody): Promise<void>;
  get(key: string): Promise<StoredBody | undefined>;
  remove(key: string): Promise<void>;
  /** What stands beside the bytes, without them. */
  getMetadata(key: string): Promise<StoredBody['metadata'] | undefined>;
  /** At most 1,000 objects whose key begins with `prefix`, in the order of their keys; those behind `after`. */
  list(prefix: string, after?: string): Promise<readonly ListedBody[]>;
}

export function createBodies(settings: BodiesSettings): Bodies {
  const { client, bucketName: Bucket } = settings;
  return {
    ...createBodyStore(settings),
    async get(Key) {
      try {
        const { Body, Metadata } = await client.send(new GetObjectCommand({ Bucket, Key }));
        if (Body === undefined) throw new Error(`S3 answered without a body for ${Key}`);
        return { bytes: await Body.transformToByteArray(), metadata: Metadata ?? {} };
      } catch (error) {
        if (error instanceof NoSuchKey) return undefined;
        throw error;
      }
    },
    async remove(Key) {
      await client.send(new DeleteObjectCommand({ Bucket, Key }));
    },
    async getMetadata(Key) {
      try {
        const { Metadata } = await client.send(new HeadObjectCommand({ Bucket, Key }));
        return Metadata ?? {};
      } catch (error) {
        if (error instanceof NotFound) return undefined;
        throw error;
      }
    },
    async list(Prefix, StartAfter) {
      const { Contents = [] } = await client.send(
        new ListObjectsV2Command({
          Bucket,
          Prefix,
          ...(StartAfter !== undefined && { StartAfter }),
        }),
      );
      return Contents.flatMap(({ Key, LastModified, Size = 0 }) =>
        Key === undefined || LastModified === undefined
          ? []
          : [{ key: Key, writtenAt: LastModified.getTime(), bytes: Size }],
      );
    },
  };
}
