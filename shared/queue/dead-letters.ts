import {
  ChangeMessageVisibilityBatchCommand,
  DeleteMessageBatchCommand,
  GetQueueAttributesCommand,
  type Message,
  type MessageAttributeValue,
  ReceiveMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';

import { type DeadLetter, splitFailure } from './dead-letter.ts';
import { LARGEST_BATCH } from './sqs-limits.ts';

/** A dead letter that nobody else can receive for a while. */
export interface ReceivedLetter extends DeadLetter {
  /** By which this reception is ended. A later reception has another, and the newest counts. */
  readonly receipt: string;
}

/** About how many there are; SQS gives estimates. */
interface LetterCounts {
  readonly visible: number;
  /** Received by somebody, and not given back yet. */
  readonly hidden: number;
}

/** The dead-letter queue of the task queue. */
export interface DeadLetters {
  /** At most ten, hidden from all others for so many seconds; after a second of waiting, none. */
  receive(hiddenSeconds: number): Promise<readonly ReceivedLetter[]>;
  /** Lets them be received again at once. Where that fails they come back once their time is over. */
  release(letters: readonly ReceivedLetter[]): Promise<void>;
  /** Removes them for good. Answers the message ids of those that SQS did not remove. */
  remove(letters: readonly ReceivedLetter[]): Promise<ReadonlySet<string>>;
  count(): Promise<LetterCounts>;
}

export interface DeadLettersSettings {
  readonly client: SQSClient;
  readonly queueUrl: string;
}

/** A long poll asks all servers of the queue; a short one may find nothing although something is there. */
const WAIT_SECONDS = 1;

/** How often SQS is asked again for those entries of a batch that it refused. */
const BATCH_ATTEMPTS = 3;

export function createDeadLetters({
  client,
  queueUrl: QueueUrl,
}: DeadLettersSettings): DeadLetters {
  return {
    async receive(hiddenSeconds) {
      const { Messages = [] } = await client.send(
        new ReceiveMessageCommand({
          QueueUrl,
          MaxNumberOfMessages: LARGEST_BATCH,
          VisibilityTimeout: hiddenSeconds,
          WaitTimeSeconds: WAIT_SECONDS,
          MessageAttributeNames: ['All'],
          MessageSystemAttributeNames: ['SentTimestamp'],
        }),
      );
      return Messages.map(toLetter);
    },

    async release(letters) {
      for (const some of tens(letters)) {
        const Entries = entriesOf(some).map((entry) => ({ ...entry, VisibilityTimeout: 0 }));
        await client.send(new ChangeMessageVisibilityBatchCommand({ QueueUrl, Entries }));
      }
    },

    async remove(letters) {
      const left = new Set<string>();
      for (const some of tens(letters)) {
        for (const { messageId } of await removeTen(some)) left.add(messageId);
      }
      return left;
    },

    async count() {
      const { Attributes } = await client.send(
        new GetQueueAttributesCommand({
          QueueUrl,
          AttributeNames: ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'],
        }),
      );
      return {
        visible: Number(Attributes?.ApproximateNumberOfMessages ?? 0),
        hidden: Number(Attributes?.ApproximateNumberOfMessagesNotVisible ?? 0),
      };
    },
  };

  async function removeTen(letters: readonly ReceivedLetter[]): Promise<readonly ReceivedLetter[]> {
    let left = letters;
    for (let attempt = 0; attempt < BATCH_ATTEMPTS && left.length > 0; attempt += 1) {
      const { Failed = [] } = await client.send(
        new DeleteMessageBatchCommand({ QueueUrl, Entries: entriesOf(left) }),
      );
      const refused = new Set(Failed.map(({ Id }) => Id));
      left = left.filter((_, index) => refused.has(String(index)));
    }
    return left;
  }
}

function entriesOf(letters: readonly ReceivedLetter[]): { Id: string; ReceiptHandle: string }[] {
  return letters.map(({ receipt }, index) => ({ Id: String(index), ReceiptHandle: receipt }));
}

function tens<Item>(items: readonly Item[]): Item[][] {
  return Array.from({ length: Math.ceil(items.length / LARGEST_BATCH) }, (_, index) =>
    items.slice(index * LARGEST_BATCH, (index + 1) * LARGEST_BATCH),
  );
}

function toLetter({
  MessageId,
  ReceiptHandle,
  Body = '',
  MessageAttributes = {},
  Attributes,
}: Message): ReceivedLetter {
  if (MessageId === undefined || ReceiptHandle === undefined) {
    throw new Error('SQS answered a message without an id or a receipt');
  }
  const attributes = Object.fromEntries(
    Object.entries(MessageAttributes).map(([name, value]) => [name, textOf(value)]),
  );
  return {
    ...splitFailure({ body: Body, attributes }),
    messageId: MessageId,
    receipt: ReceiptHandle,
    sentAt: Number(Attributes?.SentTimestamp ?? 0),
  };
}

/** Ours are strings. Of somebody else's message a number stays as it is written, and bytes are base64. */
function textOf({ StringValue, BinaryValue }: MessageAttributeValue): string {
  return StringValue ?? Buffer.from(BinaryValue ?? []).toString('base64');
}
