import type { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { LambdaClient } from '@aws-sdk/client-lambda';
import type { S3Client } from '@aws-sdk/client-s3';
import type { SchedulerClient } from '@aws-sdk/client-scheduler';
import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { SNSClient } from '@aws-sdk/client-sns';
import type { SQSClient } from '@aws-sdk/client-sqs';

import { awsClientLimits, withoutLogger } from '../../shared/platform/aws-client.ts';
import type { AwsPlace } from './aws-place.ts';
import { tracingLogger } from './trace.ts';

/** The clients of a mirror, each loaded and made when it is first asked for. */
export interface Clients {
  readonly dynamodb: () => Promise<DynamoDBClient>;
  readonly sqs: () => Promise<SQSClient>;
  readonly s3: () => Promise<S3Client>;
  readonly secretsManager: () => Promise<SecretsManagerClient>;
  readonly cloudWatch: () => Promise<CloudWatchClient>;
  readonly scheduler: () => Promise<SchedulerClient>;
  readonly sns: () => Promise<SNSClient>;
  /** For calls that take as long as a function may run. */
  readonly lambda: () => Promise<LambdaClient>;
  /** Ends the connections of those that were made. */
  readonly close: () => void;
}

/** A function runs for 15 minutes at most (Lambda quotas). */
const LONGEST_RUN_MS = 16 * 60_000;

export function openClients({ settings, dynamodbSettings = settings, trace }: AwsPlace): Clients {
  const logger = trace && { logger: tracingLogger(trace) };
  const limited = { ...awsClientLimits, ...settings, ...logger };
  const made: { destroy(): void }[] = [];
  const once = <Client extends { destroy(): void }>(make: () => Promise<Client>) => {
    let client: Promise<Client> | undefined;
    return () =>
      (client ??= make().then((one) => {
        made.push(one);
        return one;
      }));
  };
  return {
    dynamodb: once(async () => {
      const { DynamoDBClient } = await import('@aws-sdk/client-dynamodb');
      const client = new DynamoDBClient({ ...awsClientLimits, ...dynamodbSettings, ...logger });
      return trace === undefined ? withoutLogger(client) : client;
    }),
    sqs: once(async () => {
      const { SQSClient } = await import('@aws-sdk/client-sqs');
      return new SQSClient(limited);
    }),
    s3: once(async () => {
      const { S3Client } = await import('@aws-sdk/client-s3');
      return new S3Client(limited);
    }),
    secretsManager: once(async () => {
      const { SecretsManagerClient } = await import('@aws-sdk/client-secrets-manager');
      return new SecretsManagerClient(limited);
    }),
    cloudWatch: once(async () => {
      const { CloudWatchClient } = await import('@aws-sdk/client-cloudwatch');
      return new CloudWatchClient(limited);
    }),
    scheduler: once(async () => {
      const { SchedulerClient } = await import('@aws-sdk/client-scheduler');
      return new SchedulerClient(limited);
    }),
    sns: once(async () => {
      const { SNSClient } = await import('@aws-sdk/client-sns');
      return new SNSClient(limited);
    }),
    lambda: once(async () => {
      const { LambdaClient } = await import('@aws-sdk/client-lambda');
      const requestHandler = { connectionTimeout: 5_000, requestTimeout: LONGEST_RUN_MS };
      // A second try would be a second run.
      return new LambdaClient({ ...settings, ...logger, requestHandler, maxAttempts: 1 });
    }),
    close: () => {
      for (const client of made) client.destroy();
    },
  };
}
