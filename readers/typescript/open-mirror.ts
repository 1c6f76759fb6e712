import { DynamoDBClient, type DynamoDBClientConfig } from '@aws-sdk/client-dynamodb';
import type { S3Client } from '@aws-sdk/client-s3';

import type { Bodies } from '../../shared/documents/bodies.ts';
import { awsClientLimits } from '../../shared/platform/aws-client.ts';
import { systemClock, systemSleep } from '../../shared/platform/clock.ts';
import { NotNamedError } from './dependencies.ts';
import { createMirror, type Mirror } from './mirror.ts';
import type { Numbers } from './parse-json.ts';
import { type MirrorNames, namesOfLocal, namesOfStack } from './places.ts';

export type ClientSettings = Pick<
  DynamoDBClientConfig,
  'region' | 'credentials' | 'endpoint' | 'profile'
>;

export interface OpenOptions extends ClientSettings {
  /** The stack of a deployed mirror: its outputs name the rest. */
  readonly stack?: string;
  /** The stack that `npm start` runs on this machine, or the `AWS_PORT` that it has printed. */
  readonly local?: boolean | number;
  /** Else the names themselves: outputs `TasksTableName`, `MirrorStateTableName` and `BodiesBucketName`. */
  readonly tasksTable?: string;
  /** Needed for batches, coverage, and to follow renames. */
  readonly mirrorStateTable?: string;
  /** Needed for documents of more than 256 KiB, gzipped. */
  readonly bodiesBucket?: string;
  /** Clients of your own, which stay open. */
  readonly dynamodb?: DynamoDBClient;
  readonly s3?: S3Client;
  /** Calls to DynamoDB at once, of one iterator; 8 by default. */
  readonly concurrency?: number;
  /** What becomes of numbers in `fields`, as `parse` says it of documents; `number` by default. */
  readonly numbers?: Numbers;
}

const CONCURRENCY = 8;

interface OpenedMirror extends Mirror {
  /** Ends the connections that were opened. */
  close(): void;
}

/** Opens a mirror to read from, with your AWS credentials. */
export async function openMirror(options: OpenOptions): Promise<OpenedMirror> {
  const { names, dynamodbSettings, awsSettings } = await resolve(options);
  const dynamodb =
    options.dynamodb ?? new DynamoDBClient({ ...awsClientLimits, ...dynamodbSettings });
  const { s3, close } = s3Of(options, awsSettings);
  const mirror = createMirror({
    dynamodb,
    tasksTable: names.tasksTable,
    mirrorStateTable: names.mirrorStateTable,
    bodies: lazyBodies(names.bodiesBucket, s3),
    clock: systemClock,
    sleep: systemSleep,
    random: Math.random,
    concurrency: options.concurrency ?? CONCURRENCY,
    numbers: options.numbers,
  });
  return {
    ...mirror,
    close: () => {
      if (options.dynamodb === undefined) dynamodb.destroy();
      close();
    },
  };
}

interface Resolved {
  readonly names: MirrorNames;
  readonly dynamodbSettings: ClientSettings;
  readonly awsSettings: ClientSettings;
}

async function resolve(options: OpenOptions): Promise<Resolved> {
  const { stack, local, tasksTable, mirrorStateTable, bodiesBucket } = options;
  const settings = settingsOf(options);
  if (stack !== undefined) {
    const names = await namesOfStack(stack, settings);
    return { names, dynamodbSettings: settings, awsSettings: settings };
  }
  if (local !== undefined && local !== false)
    return namesOfLocal(local === true ? undefined : local);
  if (tasksTable === undefined) {
    throw new NotNamedError(
      'name a mirror: openMirror({ stack: "ScaleTaskMirror" }), or its tasksTable',
    );
  }
  const names = { tasksTable, mirrorStateTable, bodiesBucket };
  return { names, dynamodbSettings: settings, awsSettings: settings };
}

function settingsOf({ region, credentials, endpoint, profile }: OpenOptions): ClientSettings {
  return {
    ...(region !== undefined && { region }),
    ...(credentials !== undefined && { credentials }),
    ...(endpoint !== undefined && { endpoint }),
    ...(profile !== undefined && { profile }),
  };
}

interface LazyS3 {
  readonly s3: () => Promise<S3Client>;
  readonly close: () => void;
}

/** Loaded for the first document that is in the bucket: most mirrors have none. */
function s3Of({ s3: own }: OpenOptions, settings: ClientSettings): LazyS3 {
  if (own !== undefined) return { s3: () => Promise.resolve(own), close: () => undefined };
  let opened: Promise<S3Client> | undefined;
  const open = async (): Promise<S3Client> => {
    const { S3Client } = await import('@aws-sdk/client-s3');
    const isLocal = settings.endpoint !== undefined;
    return new S3Client({
      ...awsClientLimits,
      ...settings,
      ...(isLocal && { forcePathStyle: true }),
    });
  };
  return {
    s3: () => (opened ??= open()),
    close: () =>
      void opened?.then((client) => {
        client.destroy();
      }),
  };
}

function lazyBodies(
  bucketName: string | undefined,
  s3: () => Promise<S3Client>,
): Pick<Bodies, 'get'> {
  return {
    get: async (key) => {
      if (bucketName === undefined) {
        throw new NotNamedError(
          'a document is in the bucket: give openMirror its name as bodiesBucket (output BodiesBucketName)',
        );
      }
      const { createBodies } = await import('../../shared/documents/bodies.ts');
      return createBodies({ client: await s3(), bucketName }).get(key);
    },
  };
}
