import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import {
  DeleteMessageCommand,
  type Message,
  ReceiveMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import type { SQSRecord } from 'aws-lambda';

import { createIngest } from '../../functions/ingest/ingest.ts';
import { createWorker } from '../../functions/worker/worker.ts';
import { createBodies } from '../../shared/documents/bodies.ts';
import { createTaskQueue } from '../../shared/queue/task-queue.ts';
import { createTaskTable } from '../../shared/tasks/dynamo-task-table.ts';
import type { TaskDocument } from '../../shared/tasks/task-table.ts';
import { createBucket, createQueue, createTable } from '../support/aws-resources.ts';
import { CALLBACK_KEY } from '../support/builders.ts';
import { aMirror } from '../support/worker-driver.ts';

/** Ingest and worker on DynamoDB, S3 and SQS as the emulators have them. */
export async function realStores() {
  const [dynamodb, s3, sqs] = [
    new DynamoDBClient(),
    new S3Client({ forcePathStyle: true }),
    new SQSClient(),
  ];
  const QueueUrl = await createQueue(sqs);
  const taskQueue = createTaskQueue({ client: sqs, queueUrl: QueueUrl });
  const bodies = createBodies({ client: s3, bucketName: await createBucket(s3) });
  const { dependencies } = aMirror({ world: null });
  const taskTable = createTaskTable({
    client: dynamodb,
    tableName: await createTable(dynamodb, 'Tasks'),
    bodies,
    sleep: () => Promise.resolve(),
  });
  const parts = { ...dependencies, taskQueue, bodies, taskTable };
  const work = createWorker(parts);
  const accept = createIngest({
    ...parts,
    readCallbackKeys: async () => CALLBACK_KEY,
    callbackKeysSecretId: 'callback-keys',
  });
  const receive = async (): Promise<Message[]> => {
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({
        QueueUrl,
        MaxNumberOfMessages: 10,
        MessageAttributeNames: ['All'],
      }),
    );
    return Messages;
  };
  return {
    accept,
    taskQueue,
    bodies,
    /** Works until the queue is empty, and expects that nothing fails. */
    drain: async (): Promise<void> => {
      for (let got = await receive(); got.length > 0; got = await receive()) {
        expect(await work(got.map(toRecord))).toEqual({ batchItemFailures: [] });
        for (const { ReceiptHandle } of got) {
          await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
        }
      }
    },
    current: async (taskId: string): Promise<TaskDocument | undefined> => {
      const head = (await taskTable.getHeads([taskId])).get(taskId);
      return head && taskTable.getDocument(taskId, head.current);
    },
    end: () => {
      for (const client of [dynamodb, s3, sqs]) client.destroy();
    },
  };
}

function toRecord({ MessageId, Body, MessageAttributes = {} }: Message): SQSRecord {
  const attributes = Object.entries(MessageAttributes).map(([name, { StringValue }]) => [
    name,
    { dataType: 'String', stringValue: StringValue },
  ]);
  return {
    messageId: MessageId,
    body: Body,
    messageAttributes: Object.fromEntries(attributes) as SQSRecord['messageAttributes'],
  } as SQSRecord;
}
