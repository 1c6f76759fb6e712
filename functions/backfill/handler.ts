import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SQSClient } from '@aws-sdk/client-sqs';
import type { Context } from 'aws-lambda';

import { createBatchBook } from '../../shared/coverage/dynamo-batch-book.ts';
import { createDirectory } from '../../shared/coverage/dynamo-directory.ts';
import { createMirrorState } from '../../shared/coverage/dynamo-mirror-state.ts';
import { createBodies } from '../../shared/documents/bodies.ts';
import { awsClientLimits, withoutLogger } from '../../shared/platform/aws-client.ts';
import { systemClock } from '../../shared/platform/clock.ts';
import { readSecretsManager } from '../../shared/platform/secret.ts';
import { createTelemetry } from '../../shared/platform/telemetry.ts';
import { createTaskQueue } from '../../shared/queue/task-queue.ts';
import { createTaskIndex } from '../../shared/tasks/dynamo-task-index.ts';
import { walkingApi } from '../../shared/walks/walking-api.ts';
import { createBackfill } from './backfill.ts';
import { loadConfig } from './config.ts';
import { readRequest } from './request.ts';

const config = loadConfig(process.env);
const { log, metrics, published } = createTelemetry('backfill');

const dynamodb = withoutLogger(new DynamoDBClient(awsClientLimits));
const mirrorStateTable = { client: dynamodb, tableName: config.mirrorStateTableName };

const runBackfill = createBackfill({
  sources: config.sources,
  readApiKey: readSecretsManager(new SecretsManagerClient(awsClientLimits), config.apiKeySecretId),
  apiKeySecretId: config.apiKeySecretId,
  createApi: walkingApi(config),
  taskQueue: createTaskQueue({
    client: new SQSClient(awsClientLimits),
    queueUrl: config.taskQueueUrl,
  }),
  mirrorState: createMirrorState(mirrorStateTable),
  directory: createDirectory(mirrorStateTable),
  batchBook: createBatchBook(mirrorStateTable),
  taskIndex: createTaskIndex({ client: dynamodb, tableName: config.tasksTableName }),
  otherStatusesEveryMs: config.otherStatusesEveryMs,
  lookBackMs: config.lookBackMs,
  walkers: config.requests.inFlight,
  listApi: config.listApi,
  opts: config.opts,
  bodies: createBodies({
    client: new S3Client(awsClientLimits),
    bucketName: config.bodiesBucketName,
  }),
  clock: systemClock,
  metrics,
  log,
});

export const handler = published((event: unknown, context: Context) =>
  runBackfill(() => context.getRemainingTimeInMillis(), readRequest(event)),
);
