import {
  CreateQueueCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  type Message,
  ReceiveMessageCommand,
  SendMessageCommand,
} from '@aws-sdk/client-sqs';
import type { SQSEvent } from 'aws-lambda';

import { type Poller, startPoller } from '../../local/poller.ts';
import { systemClock } from '../../shared/platform/clock.ts';
import { splitFailure } from '../../shared/queue/dead-letter.ts';
import { parseMessage } from '../../shared/queue/task-message.ts';
import { aCallback, aV1Task } from '../support/builders.ts';
import { eventually } from '../support/running-stack.ts';
import { aCallbackMessage } from '../support/worker-driver.ts';
import { type AllClients, openClients } from './rig/clients.ts';
import { inProcess } from './rig/current-process.ts';
import { createGate, type Gate } from './rig/gate.ts';
import { createFunctions, createStores } from './rig/process.ts';
import { createResources, type Resources } from './rig/resources.ts';

const MOST_RECEIVES = 3;

let clients: AllClients;
let resources: Resources;
let deadLettersUrl: string;
let gate: Gate;
let poller: Poller;

async function createQueueUrl(name: string, Attributes: Record<string, string>): Promise<string> {
  const QueueName = `${name}-${String(Date.now())}`;
  const create = new CreateQueueCommand({ QueueName, Attributes });
  return (await clients.plain.sqs.send(create)).QueueUrl ?? '';
}

async function arnOf(QueueUrl: string): Promise<string> {
  const get = new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] });
  return (await clients.plain.sqs.send(get)).Attributes?.QueueArn ?? '';
}

/** A queue with dead letters, its poller, and a worker that cannot write to its table until it recovers. */
beforeAll(async () => {
  clients = openClients();
  deadLettersUrl = await createQueueUrl('dead', {});
  const RedrivePolicy = JSON.stringify({
    deadLetterTargetArn: await arnOf(deadLettersUrl),
    maxReceiveCount: MOST_RECEIVES,
  });
  const queueUrl = await createQueueUrl('tasks', { VisibilityTimeout: '1', RedrivePolicy });
  const deadLetters = { queueUrl: deadLettersUrl, afterTries: MOST_RECEIVES };
  resources = { ...(await createResources(clients.plain)), queueUrl, deadLetters };
  const operations = ['dynamodb PutItem', 'dynamodb BatchExecuteStatement'];
  gate = createGate(undefined, { operations, fault: 'error 503' });
  const { work } = createFunctions({
    ...{ ...clients, resources, clock: systemClock, sources: [], hasKey: false },
    scaleFetch: () => Promise.reject(new Error('nobody asks Scale')),
  });
  poller = startPoller({
    client: clients.plain.sqs,
    ...{ queueUrl, queueArn: await arnOf(queueUrl), batchSize: 10, concurrency: 2 },
    invokeWorker: (event) =>
      inProcess({ gate, onDelay: () => undefined }, () => work((event as SQSEvent).Records)),
  });
});

afterAll(async () => {
  await poller.stop();
  clients.close();
});

const stores = () => createStores(clients.plain, resources, systemClock);

async function deadLetters(count: number): Promise<Message[]> {
  const found: Message[] = [];
  return eventually(async () => {
    const { Messages = [] } = await clients.plain.sqs.send(
      new ReceiveMessageCommand({
        QueueUrl: deadLettersUrl,
        MaxNumberOfMessages: 10,
        MessageAttributeNames: ['All'],
      }),
    );
    found.push(...Messages);
    return found.length === count ? found : undefined;
  }, 'the dead letters');
}

/** What a redrive does: the same body with the same attributes, to the queue it came from. */
async function redrive({ Body, MessageAttributes, ReceiptHandle }: Message): Promise<void> {
  const { sqs } = clients.plain;
  const QueueUrl = resources.queueUrl;
  await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: Body, MessageAttributes }));
  await sqs.send(new DeleteMessageCommand({ QueueUrl: deadLettersUrl, ReceiptHandle }));
}

it('what always fails becomes a dead letter, whole, and is stored once it is redriven', async () => {
  const task = aV1Task({ response: { digits: 'é😀 "\\' } });
  const message = aCallbackMessage(aCallback(task), Date.now() - 60_000);
  const oversize = aCallbackMessage('inbox/waiting/1', Date.now());
  const inInbox = { ...oversize, attributes: { ...oversize.attributes, bodyIn: 'inbox' } };
  const bytes = Buffer.from(aCallback(aV1Task({ task_id: 'task-2' })));
  await stores().bodies.put('inbox/waiting/1', { bytes, metadata: {} });

  await stores().taskQueue.sendAll([message, inInbox]);
  const dead = await deadLetters(2);

  const split = dead.map(({ Body = '', MessageAttributes = {} }) =>
    splitFailure({
      body: Body,
      attributes: Object.fromEntries(
        Object.entries(MessageAttributes).map(([name, { StringValue = '' }]) => [
          name,
          StringValue,
        ]),
      ),
    }),
  );
  const wire = split.map(({ message: sent }) => sent);
  expect(split.map(({ failure }) => failure?.error)).toEqual([
    expect.any(String),
    expect.any(String),
  ]);
  expect(wire).toEqual(expect.arrayContaining([message, inInbox]));
  expect(wire.map(parseMessage)).toHaveLength(2);
  await expect(stores().bodies.get('inbox/waiting/1')).resolves.toMatchObject({ bytes });

  gate.recover();
  for (const one of dead) await redrive(one);
  const heads = await eventually(async () => {
    const found = await stores().taskTable.getHeads(['task-1', 'task-2']);
    return found.size === 2 ? found : undefined;
  }, 'the redriven tasks');
  for (const head of heads.values()) {
    expect(head).toMatchObject({ revision: 1, facts: { status: 'completed' } });
  }
  await eventually(
    async () => ((await stores().bodies.list('inbox/')).length === 0 ? true : undefined),
    'the inbox to be empty',
  );
});

it('a message that nobody of ours has sent becomes a dead letter, and keeps nobody waiting', async () => {
  const foreign = { body: 'not ours', attributes: { from: 'elsewhere' } };
  const ours = aCallbackMessage(aCallback(aV1Task({ task_id: 'task-3' })), Date.now());

  await stores().taskQueue.sendAll([foreign, ours]);

  const [dead] = await deadLetters(1);
  expect(dead).toMatchObject({
    Body: 'not ours',
    MessageAttributes: { from: { StringValue: 'elsewhere' } },
  });
  expect((await stores().taskTable.getHeads(['task-3'])).size).toBe(1);
});
