import { GetQueueAttributesCommand, type SQSClient } from '@aws-sdk/client-sqs';

import type { QueueDepth, QueueDepths } from '../mirror.ts';

export interface QueueDepthsSettings {
  readonly client: SQSClient;
  readonly taskQueueUrl: string;
  readonly deadLettersUrl: string;
}

export async function readQueueDepths(settings: QueueDepthsSettings): Promise<QueueDepths> {
  const { client, taskQueueUrl, deadLettersUrl } = settings;
  const [taskQueue, deadLetters] = await Promise.all([
    depthOf(client, taskQueueUrl),
    depthOf(client, deadLettersUrl),
  ]);
  return { taskQueue, deadLetters };
}

async function depthOf(client: SQSClient, QueueUrl: string): Promise<QueueDepth> {
  const { Attributes = {} } = await client.send(
    new GetQueueAttributesCommand({
      QueueUrl,
      AttributeNames: [
        'ApproximateNumberOfMessages',
        'ApproximateNumberOfMessagesNotVisible',
        'ApproximateNumberOfMessagesDelayed',
      ],
    }),
  );
  return {
    waiting: Number(Attributes.ApproximateNumberOfMessages ?? 0),
    inFlight: Number(Attributes.ApproximateNumberOfMessagesNotVisible ?? 0),
    delayed: Number(Attributes.ApproximateNumberOfMessagesDelayed ?? 0),
  };
}
