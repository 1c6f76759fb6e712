import {
  ChangeMessageVisibilityBatchCommand,
  DeleteMessageBatchCommand,
  type Message,
  ReceiveMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import type { SQSRecord } from 'aws-lambda';

import { sqsRecord } from '../../../prove/sqs-record.ts';

/** SQS between the functions, as Lambda's event source mapping uses it; its visibility is turned by hand. */

const LONG_SECONDS = 3_600;

/** All messages that can be received now, ten at a time. */
export async function receiveAll(client: SQSClient, QueueUrl: string): Promise<Message[][]> {
  const batches: Message[][] = [];
  for (;;) {
    const { Messages = [] } = await client.send(
      new ReceiveMessageCommand({
        QueueUrl,
        MaxNumberOfMessages: 10,
        VisibilityTimeout: LONG_SECONDS,
        MessageAttributeNames: ['All'],
      }),
    );
    if (Messages.length > 0) batches.push(Messages);
    if (Messages.length < 10) return batches;
  }
}

export function toRecord({
  MessageId = '',
  Body = '',
  MessageAttributes = {},
}: Message): SQSRecord {
  const attributes = Object.fromEntries(
    Object.entries(MessageAttributes).map(([name, { StringValue = '' }]) => [name, StringValue]),
  );
  return sqsRecord({ body: Body, attributes }, MessageId);
}

/** Deletes what is done; the others can be received again at once. */
export async function settle(
  client: SQSClient,
  QueueUrl: string,
  messages: readonly Message[],
  isFailed: (message: Message) => boolean,
): Promise<void> {
  const entries = (some: readonly Message[]) =>
    some.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle }));
  const failed = messages.filter(isFailed);
  const done = messages.filter((message) => !failed.includes(message));
  if (done.length > 0) {
    await client.send(new DeleteMessageBatchCommand({ QueueUrl, Entries: entries(done) }));
  }
  if (failed.length === 0) return;
  const Entries = entries(failed).map((entry) => ({ ...entry, VisibilityTimeout: 0 }));
  await client.send(new ChangeMessageVisibilityBatchCommand({ QueueUrl, Entries }));
}

/** Messages wait for no time here; says how long each would have waited. */
export function noDelays(client: SQSClient, onDelay: (seconds: number) => void): void {
  client.middlewareStack.add(
    (next) => (args) => {
      const { DelaySeconds = 0 } = args.input as { DelaySeconds?: number };
      onDelay(DelaySeconds);
      return next(
        DelaySeconds === 0 ? args : { ...args, input: { ...args.input, DelaySeconds: 0 } },
      );
    },
    { step: 'initialize' },
  );
}
