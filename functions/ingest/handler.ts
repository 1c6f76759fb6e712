import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SQSClient } from '@aws-sdk/client-sqs';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';

import { agent } from '#connections';

import { bodiesOnDemand } from './bodies-on-demand.ts';
import { ingestClientLimits } from '../../shared/platform/aws-client.ts';
import { systemClock } from '../../shared/platform/clock.ts';
import { cachedSecret, readSecretsManager } from '../../shared/platform/secret.ts';
import { createTelemetry } from '../../shared/platform/telemetry.ts';
import { createTaskQueue } from '../../shared/queue/task-queue.ts';
import { loadConfig } from './config.ts';
import { createIngest } from './ingest.ts';
import { warmUp } from './warm-up.ts';

const config = loadConfig(process.env);
const { log, metrics, published } = createTelemetry('ingest');

const limits = {
  ...ingestClientLimits,
  requestHandler: { ...ingestClientLimits.requestHandler, httpsAgent: agent },
};

const readCallbackKeys = cachedSecret({
  read: readSecretsManager(new SecretsManagerClient(limits), config.callbackKeysSecretId),
  clock: systemClock,
  maxAgeMs: 60_000,
  onRefreshFailure: () => {
    metrics.count('SecretNotLoaded');
  },
});

const acceptCallback = createIngest({
  readCallbackKeys,
  callbackKeysSecretId: config.callbackKeysSecretId,
  taskQueue: createTaskQueue({
    client: new SQSClient(limits),
    queueUrl: config.taskQueueUrl,
  }),
  bodies: bodiesOnDemand(config.bodiesBucketName),
  clock: systemClock,
  metrics,
  log,
});

export const handler = published((event: APIGatewayProxyEventV2) => acceptCallback(event));

/** Settles once the first call finds all that it needs; `start.mjs` waits for it. */
export const ready = warmUp({ readCallbackKeys, connections: agent });
