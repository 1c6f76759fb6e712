import type { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import type { S3Client } from '@aws-sdk/client-s3';
import type { SQSClient } from '@aws-sdk/client-sqs';
import * as v from 'valibot';

import { messageBytes } from '../../shared/queue/sqs-limits.ts';
import type { Meter } from './meter.ts';

/** SQS and EventBridge bill each 64 KB as a request. */
const CHUNK_BYTES = 65_536;

const messageAttributes = v.optional(
  v.record(v.string(), v.object({ StringValue: v.optional(v.string(), '') })),
  {},
);
const sent = v.object({ MessageBody: v.string(), MessageAttributes: messageAttributes });
const sentBatch = v.object({ Entries: v.array(sent) });
const received = v.object({
  Body: v.optional(v.string(), ''),
  MessageAttributes: messageAttributes,
});
const receivedBatch = v.object({
  output: v.object({ Messages: v.optional(v.array(received), []) }),
});

/** Has what is sent, received and deleted counted by its size. */
export function meterQueue(meter: Meter, client: SQSClient): void {
  client.middlewareStack.add(
    (next, { commandName }) =>
      async (args) => {
        const result = await next(args);
        switch (commandName ?? '') {
          case 'SendMessageCommand':
            meter.add('queueRequests', 'send', chunks(sizeOf(v.parse(sent, args.input))));
            break;
          case 'SendMessageBatchCommand': {
            const { Entries } = v.parse(sentBatch, args.input);
            meter.add('queueRequests', 'send', chunks(sum(Entries.map(sizeOf))));
            break;
          }
          case 'ReceiveMessageCommand': {
            const { Messages } = v.parse(receivedBatch, result).output;
            const bytes = Messages.map(({ Body, MessageAttributes }) =>
              sizeOf({ MessageBody: Body, MessageAttributes }),
            );
            meter.add('queueRequests', 'receive', chunks(sum(bytes)));
            break;
          }
          default:
            meter.add('queueRequests', nameOf(commandName), 1);
        }
        return result;
      },
    { step: 'initialize', name: 'meter' },
  );
}

const putCommands = ['PutObjectCommand', 'CopyObjectCommand', 'ListObjectsV2Command'];
const getCommands = ['GetObjectCommand', 'HeadObjectCommand'];

/** Has requests of the bucket counted, by the folder of their key. */
export function meterBucket(meter: Meter, client: S3Client): void {
  client.middlewareStack.add(
    (next, { commandName = '' }) =>
      async (args) => {
        const where = `${nameOf(commandName)} ${folderOf(args.input)}`;
        if (putCommands.includes(commandName)) meter.add('bucketPuts', where, 1);
        else if (getCommands.includes(commandName)) meter.add('bucketGets', where, 1);
        else if (commandName !== 'DeleteObjectCommand') {
          throw new Error(`the meter does not know what ${commandName} costs`);
        }
        return next(args);
      },
    { step: 'initialize', name: 'meter' },
  );
}

const events = v.object({
  Entries: v.array(
    v.object({ Source: v.string(), DetailType: v.string(), Detail: v.optional(v.string(), '') }),
  ),
});

/** AWS counts 14 bytes for the time of an event. */
const TIME_BYTES = 14;

export function meterEvents(meter: Meter, client: EventBridgeClient): void {
  client.middlewareStack.add(
    (next) => (args) => {
      for (const { Source, DetailType, Detail } of v.parse(events, args.input).Entries) {
        meter.add(
          'events',
          DetailType,
          chunks(Buffer.byteLength(Source + DetailType + Detail) + TIME_BYTES),
        );
      }
      return next(args);
    },
    { step: 'initialize', name: 'meter' },
  );
}

function sizeOf({ MessageBody, MessageAttributes }: v.InferOutput<typeof sent>): number {
  const attributes: Record<string, string> = {};
  for (const [name, { StringValue }] of Object.entries(MessageAttributes)) {
    attributes[name] = StringValue;
  }
  return messageBytes({ body: MessageBody, attributes });
}

function chunks(bytes: number): number {
  return Math.max(1, Math.ceil(bytes / CHUNK_BYTES));
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, one) => total + one, 0);
}

const keyed = v.object({ Key: v.optional(v.string()), Prefix: v.optional(v.string()) });

function folderOf(input: unknown): string {
  const { Key, Prefix = '' } = v.parse(keyed, input);
  return (Key ?? Prefix).split('/')[0] ?? '';
}

/** `DeleteMessageBatchCommand` is `delete`. */
function nameOf(command = ''): string {
  return /^[A-Z][a-z]+/.exec(command)?.[0].toLowerCase() ?? command;
}
