import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { S3Client } from '@aws-sdk/client-s3';
import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { SQSClient } from '@aws-sdk/client-sqs';

import { awsClientLimits } from '../../shared/platform/aws-client.ts';
import type { AwsPlace } from './aws-place.ts';

/** The clients of a mirror, each loaded and made when it is first asked for. */
export interface Clients {
  readonly dynamodb: () => Promise<DynamoDBClient>;
  readonly sqs: () => Promise<SQSClient>;
  readonly s3: () => Promise<S3Client>;
  readonly secretsManager: () => Promise<SecretsManagerClient>;
  /** Ends the connections of those that were made. */
  readonly close: () => void;
}

export function openClients({ settings, dynamodbSettings = settings }: AwsPlace): Clients {
  const limited = { ...awsClientLimits, ...settings };
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
      return new DynamoDBClient({ ...awsClientLimits, ...dynamodbSettings });
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
    close: () => {
      for (const client of made) client.destroy();
    },
  };
}
