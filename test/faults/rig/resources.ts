import { createBucket, createQueue, createTable } from '../../support/aws-resources.ts';
import type { Clients } from './clients.ts';

/** What the mirror keeps things in, by names of their own. */
export interface Resources {
  readonly tasks: string;
  readonly mirrorState: string;
  readonly queueUrl: string;
  readonly bucket: string;
  /** Where failed messages go, and after how many tries; for good on the queue without it. */
  readonly deadLetters?: { readonly queueUrl: string; readonly afterTries: number };
}

export async function createResources({ dynamodb, sqs, s3 }: Clients): Promise<Resources> {
  const [tasks, mirrorState, queueUrl, bucket] = await Promise.all([
    createTable(dynamodb, 'Tasks'),
    createTable(dynamodb, 'MirrorState'),
    createQueue(sqs),
    createBucket(s3),
  ]);
  return { tasks, mirrorState, queueUrl, bucket };
}
