import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { S3Client } from '@aws-sdk/client-s3';
import { SchedulerClient } from '@aws-sdk/client-scheduler';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SQSClient } from '@aws-sdk/client-sqs';

import { localCredentials } from '../../../local/emulators/credentials.ts';

/** Clients of one place that answers for AWS. */
export type Clients = ReturnType<typeof createClients>;

export function createClients(endpoint: string, dynamodbUrl = endpoint) {
  const settings = { ...localCredentials, endpoint };
  return {
    cloudformation: new CloudFormationClient(settings),
    dynamodb: new DynamoDBClient({ ...settings, endpoint: dynamodbUrl }),
    lambda: new LambdaClient(settings),
    s3: new S3Client({ ...settings, forcePathStyle: true }),
    scheduler: new SchedulerClient(settings),
    secrets: new SecretsManagerClient(settings),
    sqs: new SQSClient(settings),
  };
}

export function closeClients(clients: Clients): void {
  for (const client of Object.values(clients)) client.destroy();
}
