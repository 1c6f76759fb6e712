import { S3Client } from '@aws-sdk/client-s3';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SQSClient } from '@aws-sdk/client-sqs';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';

import { createBodies } from '../../shared/documents/bodies.ts';
import { ingestClientLimits } from '../../shared/platform/aws-client.ts';
import { systemClock } from '../../shared/platform/clock.ts';
import { cachedSecret, readSecretsManager } from '../../shared/platform/secret.ts';
import { createTelemetry } from '../../shared/platform/telemetry.ts';
import { createTaskQueue } from '../../shared/queue/task-queue.ts';
import { loadConfig } from './config.ts';
import { createIngest } from './ingest.ts';

const config = loadConfig(process.env);
const { log, metrics, published } = createTelemetry('ingest');

const acceptCallback = createIngest({
  readCallbackKeys: cachedSecret({
    read: readSecretsManager(
      new SecretsManagerClient(ingestClientLimits),
      config.callbackKeysSecretId,
    ),
    clock: systemClock,
    maxAgeMs: 60_000,
    onRefreshFailure: () => {
      metrics.count('SecretNotLoaded');
    },
  }),
  callbackKeysSecretId: config.callbackKeysSecretId,
  taskQueue: createTaskQueue({
    client: new SQSClient(ingestClientLimits),
    queueUrl: config.taskQueueUrl,
  }),
  bodies: createBodies({
    client: new S3Client(ingestClientLimits),
    bucketName: config.bodiesBucketName,
  }),
  clock: systemClock,
  metrics,
  log,
});

export const handler = published((event: APIGatewayProxyEventV2) => acceptCallback(event));
