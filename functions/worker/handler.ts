import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SQSClient } from '@aws-sdk/client-sqs';
import type { Context, SQSBatchResponse, SQSEvent } from 'aws-lambda';

import { cachedDirectory } from '../../shared/coverage/cached-directory.ts';
import { createBatchBook } from '../../shared/coverage/dynamo-batch-book.ts';
import { createDirectory } from '../../shared/coverage/dynamo-directory.ts';
import { createFieldLifter } from '../../shared/fields/field-lifter.ts';
import { createBodies } from '../../shared/documents/bodies.ts';
import { awsClientLimits, withoutLogger } from '../../shared/platform/aws-client.ts';
import { systemClock, systemSleep } from '../../shared/platform/clock.ts';
import { cachedSecret, readSecretsManager } from '../../shared/platform/secret.ts';
import { errorName } from '../../shared/platform/log.ts';
import { createTelemetry } from '../../shared/platform/telemetry.ts';
import { createTaskQueue } from '../../shared/queue/task-queue.ts';
import { createTaskTable } from '../../shared/tasks/dynamo-task-table.ts';
import { loadConfig } from './config.ts';
import type { WorkerDependencies } from './dependencies.ts';
import { scaleByKey } from './scale-by-key.ts';
import { createWorker } from './worker.ts';

const config = loadConfig(process.env);
const { log, metrics, published } = createTelemetry('worker');

const bodies = createBodies({
  client: new S3Client(awsClientLimits),
  bucketName: config.bodiesBucketName,
});

const readApiKey = cachedSecret({
  read: readSecretsManager(new SecretsManagerClient(awsClientLimits), config.apiKeySecretId),
  clock: systemClock,
  maxAgeMs: 60_000,
  onRefreshFailure: () => {
    metrics.count('SecretNotLoaded');
    log.error('API key not loaded', { secret: config.apiKeySecretId });
  },
});

const sqs = new SQSClient(awsClientLimits);
const dynamodb = withoutLogger(new DynamoDBClient(awsClientLimits));
const mirrorStateTable = { client: dynamodb, tableName: config.mirrorStateTableName };

const dependencies: Omit<WorkerDependencies, 'scale'> = {
  taskTable: createTaskTable({
    client: dynamodb,
    tableName: config.tasksTableName,
    bodies,
    sleep: systemSleep,
    onTogetherRefused: (error) => {
      log.warn('items cannot be written together, only one by one', { error: errorName(error) });
    },
  }),
  taskQueue: createTaskQueue({ client: sqs, queueUrl: config.taskQueueUrl }),
  deadLetters: {
    queue: createTaskQueue({ client: sqs, queueUrl: config.taskDeadLettersUrl }),
    afterTries: config.maxReceiveCount,
  },
  bodies,
  directory: cachedDirectory(createDirectory(mirrorStateTable), systemClock),
  batchBook: createBatchBook(mirrorStateTable),
  order: config.order,
  historyMs: config.historyMs,
  fieldLifter: createFieldLifter(config.fields),
  clock: systemClock,
  metrics,
  log,
};

export const handler = published((event: SQSEvent, context: Context): Promise<SQSBatchResponse> => {
  const scale = scaleByKey({
    readApiKey,
    baseUrl: config.scaleApiUrl,
    opts: config.opts,
    remainingMs: () => context.getRemainingTimeInMillis(),
  });
  return createWorker({ ...dependencies, scale })(event.Records);
});
