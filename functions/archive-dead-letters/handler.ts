import { S3Client } from '@aws-sdk/client-s3';
import { SQSClient } from '@aws-sdk/client-sqs';
import type { Context } from 'aws-lambda';

import { createBodies } from '../../shared/documents/bodies.ts';
import { awsClientLimits } from '../../shared/platform/aws-client.ts';
import { systemClock } from '../../shared/platform/clock.ts';
import { createTelemetry } from '../../shared/platform/telemetry.ts';
import { createDeadLetters } from '../../shared/queue/dead-letters.ts';
import { createArchive } from './archive-dead-letters.ts';
import { loadConfig } from './config.ts';

const config = loadConfig(process.env);
const { log, metrics, published } = createTelemetry('archive-dead-letters');

const archive = createArchive({
  deadLetters: createDeadLetters({
    client: new SQSClient(awsClientLimits),
    queueUrl: config.taskDeadLettersUrl,
  }),
  bodies: createBodies({
    client: new S3Client(awsClientLimits),
    bucketName: config.bodiesBucketName,
  }),
  archiveAfterMs: config.archiveAfterMs,
  clock: systemClock,
  metrics,
  log,
});

export const handler = published((_: unknown, context: Context) =>
  archive(() => context.getRemainingTimeInMillis()),
);
