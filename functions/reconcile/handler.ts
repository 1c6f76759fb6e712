import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SQSClient } from '@aws-sdk/client-sqs';
import type { Context } from 'aws-lambda';

import { createCountsBook } from '../../shared/coverage/dynamo-counts-book.ts';
import { createDirectory } from '../../shared/coverage/dynamo-directory.ts';
import { createMirrorState } from '../../shared/coverage/dynamo-mirror-state.ts';
import { createReports } from '../../shared/coverage/dynamo-reports.ts';
import { createBodies } from '../../shared/documents/bodies.ts';
import { awsClientLimits, withoutLogger } from '../../shared/platform/aws-client.ts';
import { systemClock, systemSleep } from '../../shared/platform/clock.ts';
import { readSecretsManager } from '../../shared/platform/secret.ts';
import { createTelemetry } from '../../shared/platform/telemetry.ts';
import { createTaskQueue } from '../../shared/queue/task-queue.ts';
import { createTaskIndex } from '../../shared/tasks/dynamo-task-index.ts';
import { createTaskTable } from '../../shared/tasks/dynamo-task-table.ts';
import { walkingApi } from '../../shared/walks/walking-api.ts';
import { loadConfig } from './config.ts';
import { createReconcile } from './reconcile.ts';
import { readRequest } from './request.ts';

const config = loadConfig(process.env);
const { log, metrics, published } = createTelemetry('reconcile');

const dynamodb = withoutLogger(new DynamoDBClient(awsClientLimits));
const mirrorStateTable = { client: dynamodb, tableName: config.mirrorStateTableName };
const tasksTable = { client: dynamodb, tableName: config.tasksTableName };
const bodies = createBodies({
  client: new S3Client(awsClientLimits),
  bucketName: config.bodiesBucketName,
});

const runReconcile = createReconcile({
  sources: config.sources,
  readApiKey: readSecretsManager(new SecretsManagerClient(awsClientLimits), config.apiKeySecretId),
  apiKeySecretId: config.apiKeySecretId,
  createApi: walkingApi(config),
  taskTable: createTaskTable({ ...tasksTable, bodies, sleep: systemSleep }),
  taskIndex: createTaskIndex(tasksTable),
  taskQueue: createTaskQueue({
    client: new SQSClient(awsClientLimits),
    queueUrl: config.taskQueueUrl,
  }),
  mirrorState: createMirrorState(mirrorStateTable),
  reports: createReports(mirrorStateTable),
  countsBook: createCountsBook(mirrorStateTable),
  directory: createDirectory(mirrorStateTable),
  bodies,
  everyMs: config.everyMs,
  order: config.order,
  walkers: config.requests.inFlight,
  listApi: config.listApi,
  opts: config.opts,
  clock: systemClock,
  metrics,
  log,
});

export const handler = published((event: unknown, context: Context) =>
  runReconcile(() => context.getRemainingTimeInMillis(), readRequest(event, systemClock.now())),
);
