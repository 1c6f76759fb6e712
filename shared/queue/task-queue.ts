import {
  type MessageAttributeValue,
  SendMessageBatchCommand,
  type SendMessageBatchRequestEntry,
  SendMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';

import { withoutLogger } from '../platform/aws-client.ts';
import { LARGEST_BATCH, LARGEST_MESSAGE_BYTES, messageBytes } from './sqs-limits.ts';
import type { WireMessage } from './task-message.ts';

/** The queue between those who see tasks and the one who writes them. */
export interface TaskQueue {
  /** Resolves once SQS has confirmed the message. `delaySeconds` is 0 to 900. */
  send(message: WireMessage, delaySeconds?: number): Promise<void>;
  /** Resolves once SQS has confirmed every message; throws {@link PartialSendError} otherwise. */
  sendAll(messages: readonly WireMessage[]): Promise<void>;
}

/** Some messages of a batch were refused, again and again. The caller sends all of them once more. */
export class PartialSendError extends Error {
  override readonly name = 'PartialSendError';
  readonly codes: readonly string[];

  constructor(codes: readonly string[]) {
    super(`SQS did not take ${String(codes.length)} messages: ${[...new Set(codes)].join(', ')}`);
    this.codes = codes;
  }
}

export interface TaskQueueSettings {
  readonly client: SQSClient;
  readonly queueUrl: string;
}

/** How often the refused part of a batch is sent again before the caller hears of it. */
const BATCH_ATTEMPTS = 3;

export function createTaskQueue({
  client: given,
  queueUrl: QueueUrl,
}: TaskQueueSettings): TaskQueue {
  const client = withoutLogger(given);
  const sendBatch = async (messages: readonly WireMessage[]): Promise<void> => {
    let entries = messages.map(toEntry);
    let codes: string[] = [];
    for (let attempt = 0; attempt < BATCH_ATTEMPTS && entries.length > 0; attempt += 1) {
      const { Failed = [] } = await client.send(
        new SendMessageBatchCommand({ QueueUrl, Entries: entries }),
      );
      const refused = new Set(Failed.map(({ Id }) => Id));
      codes = Failed.map(({ Code }) => Code ?? 'unknown');
      entries = entries.filter(({ Id }) => refused.has(Id));
    }
    if (entries.length > 0) throw new PartialSendError(codes);
  };

  return {
    async send({ body, attributes }, delaySeconds = 0) {
      await client.send(
        new SendMessageCommand({
          QueueUrl,
          MessageBody: body,
          MessageAttributes: toAttributes(attributes),
          DelaySeconds: delaySeconds,
        }),
      );
    },
    async sendAll(messages) {
      await Promise.all(batches(messages).map(sendBatch));
    },
  };
}

/** Groups that one SendMessageBatch takes: at most ten messages, at most 1 MiB together. */
export function batches(messages: readonly WireMessage[]): WireMessage[][] {
  const groups: WireMessage[][] = [];
  let group: WireMessage[] = [];
  let bytes = 0;
  for (const message of messages) {
    const size = messageBytes(message);
    if (group.length === LARGEST_BATCH || bytes + size > LARGEST_MESSAGE_BYTES) {
      groups.push(group);
      group = [];
      bytes = 0;
    }
    group.push(message);
    bytes += size;
  }
  return [...groups, group].filter((one) => one.length > 0);
}

function toEntry({ body, attributes }: WireMessage, index: number): SendMessageBatchRequestEntry {
  return { Id: String(index), MessageBody: body, MessageAttributes: toAttributes(attributes) };
}

function toAttributes(
  attributes: WireMessage['attributes'],
): Record<string, MessageAttributeValue> {
  return Object.fromEntries(
    Object.entries(attributes).map(([name, StringValue]) => [
      name,
      { DataType: 'String', StringValue },
    ]),
  );
}
