import { setTimeout as sleep } from 'node:timers/promises';

import {
  DeleteMessageBatchCommand,
  type Message,
  ReceiveMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import * as v from 'valibot';

export interface PollerSettings {
  readonly client: SQSClient;
  readonly queueUrl: string;
  readonly queueArn: string;
  readonly batchSize: number;
  /** Calls at once. */
  readonly concurrency: number;
  readonly invokeWorker: (event: unknown) => Promise<unknown>;
}

export interface Poller {
  stop(): Promise<void>;
}

const LONGEST_GOODBYE_MS = 2_000;

const LONG_POLL_SECONDS = 20;

/** After a failure of the emulator itself, so that a loop does not spin. */
const PAUSE_AFTER_ERROR_MS = 500;

const batchResponse = v.object({
  batchItemFailures: v.array(v.object({ itemIdentifier: v.string() })),
});

/**
 * Lambda's event source mapping on this machine: receives batches, calls the worker, deletes what it did
 * not report as failed. What it reported comes back by the queue's own visibility timeout and redrive.
 */
export function startPoller(settings: PollerSettings): Poller {
  const ending = new AbortController();
  const loops = Array.from({ length: settings.concurrency }, () =>
    pollUntil(settings, ending.signal),
  );
  return {
    stop: async () => {
      ending.abort();
      // A call that takes longer is given up; its messages come back at the next start.
      await Promise.race([
        Promise.all(loops),
        sleep(LONGEST_GOODBYE_MS, undefined, { ref: false }),
      ]);
    },
  };
}

async function pollUntil(settings: PollerSettings, abortSignal: AbortSignal): Promise<void> {
  while (!abortSignal.aborted) {
    try {
      const messages = await receive(settings, abortSignal);
      if (messages.length > 0) await work(settings, messages);
    } catch {
      await sleep(PAUSE_AFTER_ERROR_MS, undefined, { signal: abortSignal }).catch(() => undefined);
    }
  }
}

async function receive(
  { client, queueUrl: QueueUrl, batchSize }: PollerSettings,
  abortSignal: AbortSignal,
): Promise<Message[]> {
  const { Messages = [] } = await client.send(
    new ReceiveMessageCommand({
      QueueUrl,
      MaxNumberOfMessages: Math.min(10, batchSize),
      WaitTimeSeconds: LONG_POLL_SECONDS,
      MessageAttributeNames: ['All'],
      MessageSystemAttributeNames: ['All'],
    }),
    { abortSignal },
  );
  return Messages;
}

async function work(settings: PollerSettings, messages: readonly Message[]): Promise<void> {
  const { client, queueUrl: QueueUrl, queueArn, invokeWorker } = settings;
  const event = { Records: messages.map((message) => toRecord(message, queueArn)) };
  const { batchItemFailures } = v.parse(batchResponse, await invokeWorker(event));
  const failed = new Set(batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
  const done = messages.filter(({ MessageId }) => !failed.has(MessageId ?? ''));
  if (done.length === 0) return;
  await client.send(
    new DeleteMessageBatchCommand({
      QueueUrl,
      Entries: done.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle })),
    }),
  );
}

/** A message as Lambda's SQS event has it. */
function toRecord(message: Message, eventSourceARN: string): Record<string, unknown> {
  const attributes = Object.entries(message.MessageAttributes ?? {}).map(([name, attribute]) => [
    name,
    { dataType: attribute.DataType, stringValue: attribute.StringValue },
  ]);
  return {
    messageId: message.MessageId,
    receiptHandle: message.ReceiptHandle,
    body: message.Body ?? '',
    attributes: message.Attributes ?? {},
    messageAttributes: Object.fromEntries(attributes),
    md5OfBody: message.MD5OfBody,
    eventSource: 'aws:sqs',
    eventSourceARN,
    awsRegion: 'us-east-1',
  };
}
