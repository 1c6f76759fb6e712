import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { S3Client } from '@aws-sdk/client-s3';
import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  type Message,
  ReceiveMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';

import { type Bodies, createBodies } from '../../shared/documents/bodies.ts';
import { createTaskQueue, type TaskQueue } from '../../shared/queue/task-queue.ts';
import { type EmulatorProcess, startAwsProcess } from '../support/emulator-process.ts';

// Every test starts processes.
jest.setTimeout(60_000);

let path: string;
let emulator: EmulatorProcess;
let sqs: SQSClient;
let s3: S3Client;

beforeEach(async () => {
  path = join(mkdtempSync(join(tmpdir(), 'mirror-aws-')), 'aws');
  await start();
});

afterEach(async () => {
  await killIt();
  rmSync(join(path, '..'), { recursive: true });
});

async function start(): Promise<void> {
  emulator = await startAwsProcess(path);
  sqs = new SQSClient({ endpoint: emulator.url });
  s3 = new S3Client({ endpoint: emulator.url });
}

async function killIt(): Promise<void> {
  await emulator.kill();
  sqs.destroy();
  s3.destroy();
}

/** `kill -9`, and the next start on the same data. Its port is another one. */
async function killAndStartAgain(): Promise<void> {
  await killIt();
  await start();
}

const queueUrl = (name = 'TaskQueue') => `${emulator.url}/000000000000/${name}`;
const queue = (): TaskQueue => createTaskQueue({ client: sqs, queueUrl: queueUrl() });
const bodies = (): Bodies => createBodies({ client: s3, bucketName: 'bodies' });
const aMessage = (body: string) => ({ body, attributes: { source: 'callback' } });

/** Receives until nothing is left to receive. */
async function receiveAll(): Promise<Message[]> {
  const received: Message[] = [];
  for (;;) {
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({
        QueueUrl: queueUrl(),
        MaxNumberOfMessages: 10,
        MessageAttributeNames: ['All'],
        MessageSystemAttributeNames: ['ApproximateReceiveCount'],
      }),
    );
    if (Messages.length === 0) return received;
    received.push(...Messages);
  }
}

const bodiesOf = (messages: readonly Message[]) => messages.map(({ Body = '' }) => Body).sort();

const numbers = (count: number) => Array.from({ length: count }, (_, n) => String(n).padStart(3));

describe('after a kill -9', () => {
  test('every message is there, as it was sent', async () => {
    await queue().send(aMessage('{"ä":\r\n1}'));
    await queue().sendAll(numbers(25).map(aMessage));

    await killAndStartAgain();

    const messages = await receiveAll();
    expect(bodiesOf(messages)).toEqual([...numbers(25), '{"ä":\r\n1}']);
    for (const { MessageAttributes } of messages) {
      expect(MessageAttributes).toMatchObject({ source: { StringValue: 'callback' } });
    }
  });

  test('every message that was confirmed before it is there', async () => {
    const confirmed: string[] = [];
    const sending = numbers(300).map(async (body) => {
      await queue().send(aMessage(body));
      confirmed.push(body);
      if (confirmed.length === 100) await emulator.kill();
    });
    await Promise.allSettled(sending);
    await killAndStartAgain();

    const there = new Set(bodiesOf(await receiveAll()));

    expect(confirmed.length).toBeGreaterThanOrEqual(100);
    expect(confirmed.filter((body) => !there.has(body))).toEqual([]);
  });

  test('a message that somebody had received is received again at once', async () => {
    await queue().sendAll(numbers(12).map(aMessage));
    await expect(receiveAll()).resolves.toHaveLength(12);

    await killAndStartAgain();

    const messages = await receiveAll();
    expect(bodiesOf(messages)).toEqual(numbers(12));
    const counts = messages.map(({ Attributes }) => Attributes?.ApproximateReceiveCount);
    // The try that the kill cut short is none of the message's failures.
    expect(new Set(counts)).toEqual(new Set(['1']));
  });

  test('a message that was deleted stays away', async () => {
    await queue().sendAll(['done', 'open'].map(aMessage));
    const received = await receiveAll();
    const done = received.find(({ Body }) => Body === 'done');
    const { ReceiptHandle } = done ?? {};
    await sqs.send(new DeleteMessageCommand({ QueueUrl: queueUrl(), ReceiptHandle }));

    await killAndStartAgain();

    expect(bodiesOf(await receiveAll())).toEqual(['open']);
  });

  test('a delayed message still waits', async () => {
    await queue().send(aMessage('later'), 900);

    await killAndStartAgain();

    await expect(receiveAll()).resolves.toEqual([]);
    const name = 'ApproximateNumberOfMessagesDelayed';
    const { Attributes } = await sqs.send(
      new GetQueueAttributesCommand({ QueueUrl: queueUrl(), AttributeNames: [name] }),
    );
    expect(Attributes).toEqual({ [name]: '1' });
  });

  test('every object is there, byte for byte and with its metadata', async () => {
    const bytes = Uint8Array.from({ length: 3_000_000 }, (_, n) => n % 251);
    await bodies().put('inbox/waiting/1', { bytes, metadata: { source: 'callback' } });
    await bodies().put('documents/ü %20/2', { bytes: new Uint8Array(), metadata: {} });

    await killAndStartAgain();

    const stored = await bodies().get('inbox/waiting/1');
    expect(Buffer.compare(stored?.bytes ?? new Uint8Array(), bytes)).toBe(0);
    expect(stored?.metadata).toEqual({ source: 'callback' });
    await expect(bodies().get('documents/ü %20/2')).resolves.toBeDefined();
  });

  test('an object that was removed stays away', async () => {
    await bodies().put('a', { bytes: new Uint8Array(1), metadata: {} });
    await bodies().remove('a');

    await killAndStartAgain();

    await expect(bodies().list('')).resolves.toEqual([]);
  });

  test('messages go to the dead letters by the same count as without it', async () => {
    await queue().send(aMessage('poison'));
    for (let failure = 1; failure <= 2; failure += 1) {
      const [received] = await receiveAll();
      const { ReceiptHandle } = received ?? {};
      await sqs.send(
        new ChangeMessageVisibilityCommand({
          QueueUrl: queueUrl(),
          ReceiptHandle,
          VisibilityTimeout: 0,
        }),
      );
      await killAndStartAgain();
    }

    await expect(receiveAll()).resolves.toEqual([]);
    const { Messages } = await sqs.send(
      new ReceiveMessageCommand({ QueueUrl: queueUrl('TaskDeadLetters') }),
    );
    expect(Messages).toMatchObject([{ Body: 'poison' }]);
  });

  test('no number of kills brings a message to the dead letters', async () => {
    await queue().send(aMessage('unlucky'));
    for (let kill = 1; kill <= 4; kill += 1) {
      await expect(receiveAll()).resolves.toMatchObject([{ Body: 'unlucky' }]);
      await killAndStartAgain();
    }
  });
});
