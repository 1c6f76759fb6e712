import { startAws } from '../local/emulators/aws.ts';
import { startDynamodb } from '../local/emulators/dynamodb.ts';
import type { Endpoints } from './mirror/resources.ts';

export interface Emulators extends Endpoints {
  close(): Promise<void>;
}

/** DynamoDB, SQS, S3 and EventBridge in this process, which keep nothing. */
export async function startEmulators(): Promise<Emulators> {
  const dynamodb = await startDynamodb({ port: 0, path: undefined, tables: [] });
  const aws = await startAws({
    port: 0,
    path: undefined,
    queues: new Map(),
    bucket: 'bodies',
    secrets: new Map(),
    invoke: () => Promise.reject(new Error('no functions here')),
    metrics: () => ({}),
    takeEvents: () => undefined,
  });
  return {
    dynamodbUrl: dynamodb.url,
    awsUrl: aws.url,
    close: async () => {
      await Promise.all([dynamodb.close(), aws.close()]);
    },
  };
}
