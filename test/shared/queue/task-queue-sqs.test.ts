import { GetQueueAttributesCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';

import { createTaskQueue } from '../../../shared/queue/task-queue.ts';
import type { WireMessage } from '../../../shared/queue/task-message.ts';
import { createQueue } from '../../support/aws-resources.ts';
import {
  aMessage,
  type QueueUnderTest,
  taskQueueContract,
} from '../../support/contracts/task-queue.ts';
import { loseAnswers, refuseEntries } from '../../support/failing-client.ts';
import { fakeClock } from '../../support/fake-clock.ts';
import { inMemoryTaskQueue } from '../../support/in-memory-task-queue.ts';

let client: SQSClient;

beforeEach(() => {
  client = new SQSClient({});
});

afterEach(() => {
  client.destroy();
});

/** Receives until nothing is left. */
async function receiveAll(QueueUrl: string): Promise<WireMessage[]> {
  const receiver = new SQSClient({});
  const received: WireMessage[] = [];
  for (;;) {
    const { Messages = [] } = await receiver.send(
      new ReceiveMessageCommand({
        QueueUrl,
        MaxNumberOfMessages: 10,
        MessageAttributeNames: ['All'],
      }),
    );
    if (Messages.length === 0) break;
    for (const { Body = '', MessageAttributes = {} } of Messages) {
      const attributes: Record<string, string> = {};
      for (const [name, { StringValue = '' }] of Object.entries(MessageAttributes)) {
        attributes[name] = StringValue;
      }
      received.push({ body: Body, attributes });
    }
  }
  receiver.destroy();
  return received;
}

async function inSqs(): Promise<QueueUnderTest & { readonly queueUrl: string }> {
  const queueUrl = await createQueue(client);
  return {
    queueUrl,
    queue: createTaskQueue({ client, queueUrl }),
    receive: () => receiveAll(queueUrl),
    delayed: async () => {
      const name = 'ApproximateNumberOfMessagesDelayed';
      const { Attributes } = await client.send(
        new GetQueueAttributesCommand({ QueueUrl: queueUrl, AttributeNames: [name] }),
      );
      return Number(Attributes?.[name]);
    },
  };
}

function inMemory(): QueueUnderTest {
  const queue = inMemoryTaskQueue(fakeClock());
  return {
    queue,
    receive: async () => queue.receive().map(({ body, attributes }) => ({ body, attributes })),
    delayed: async () => queue.messages.length,
  };
}

describe('the task queue in memory', () => {
  taskQueueContract(inMemory);

  // The emulator takes any delay; SQS answers InvalidParameterValue.
  test.each([901, -1, 1.5])('a delay of %d seconds is refused', async (delaySeconds) => {
    const queue = inMemoryTaskQueue();

    await expect(queue.send(aMessage(), delaySeconds)).rejects.toThrow('InvalidParameterValue');

    expect(queue.messages).toEqual([]);
  });
});

describe('the task queue in SQS', () => {
  taskQueueContract(inSqs);
});

describe('SQS refuses a part of a batch', () => {
  const messages = ['a', 'b', 'c', 'd', 'e'].map((body) => aMessage(body));

  test.each([1, 2])('%i times: it is sent again, and nothing else is', async (times) => {
    refuseEntries(client, (body) => (body === 'b' || body === 'e' ? times : 0));
    const { queue, receive } = await inSqs();

    await queue.sendAll(messages);

    const received = (await receive()).map(({ body }) => body);
    expect(received.sort()).toEqual(['a', 'b', 'c', 'd', 'e']);
  });

  test('three times: the sender hears of it, and the rest is there once', async () => {
    refuseEntries(client, (body) => (body === 'b' || body === 'e' ? 3 : 0));
    const { queue, receive } = await inSqs();

    await expect(queue.sendAll(messages)).rejects.toMatchObject({
      name: 'PartialSendError',
      codes: ['InternalError', 'InternalError'],
      message: 'SQS did not take 2 messages: InternalError',
    });

    const received = (await receive()).map(({ body }) => body);
    expect(received.sort()).toEqual(['a', 'c', 'd']);
  });

  test('in one group of ten: the other groups are sent', async () => {
    const many = Array.from({ length: 30 }, (_, n) => aMessage(String(n)));
    refuseEntries(client, (body) => (body === '15' ? 1 : 0));
    const { queue, receive } = await inSqs();

    await queue.sendAll(many);

    const received = (await receive()).map(({ body }) => Number(body));
    expect(received.sort((a, b) => a - b)).toEqual([...many.keys()]);
  });
});

describe('an answer of SQS is lost', () => {
  test('of one message: it is sent again, and there twice rather than not at all', async () => {
    loseAnswers(client, 'SendMessageCommand');
    const { queue, receive } = await inSqs();

    await queue.send(aMessage());

    await expect(receive()).resolves.toEqual([aMessage(), aMessage()]);
  });

  test('of a batch: so are its messages', async () => {
    loseAnswers(client, 'SendMessageBatchCommand');
    const { queue, receive } = await inSqs();

    await queue.sendAll([aMessage('a'), aMessage('b')]);

    const received = (await receive()).map(({ body }) => body);
    expect(received.sort()).toEqual(['a', 'a', 'b', 'b']);
  });
});

test('a queue that cannot be reached is an error', async () => {
  const unreachable = new SQSClient({ endpoint: 'http://127.0.0.1:1', maxAttempts: 1 });
  const queueUrl = 'http://127.0.0.1:1/000000000000/TaskQueue';
  const queue = createTaskQueue({ client: unreachable, queueUrl });

  await expect(queue.send(aMessage())).rejects.toThrow('ECONNREFUSED');
  await expect(queue.sendAll([aMessage()])).rejects.toThrow('ECONNREFUSED');
});
