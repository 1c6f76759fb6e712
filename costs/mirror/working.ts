import {
  DeleteMessageBatchCommand,
  GetQueueAttributesCommand,
  type Message,
  ReceiveMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import type { SQSBatchResponse, SQSRecord } from 'aws-lambda';

import { createWorker } from '../../functions/worker/worker.ts';
import { sqsRecord } from '../../prove/sqs-record.ts';
import { cachedDirectory } from '../../shared/coverage/cached-directory.ts';
import { createBatchBook } from '../../shared/coverage/dynamo-batch-book.ts';
import { createDirectory } from '../../shared/coverage/dynamo-directory.ts';
import { createTelemetry } from '../../shared/platform/telemetry.ts';
import { createTaskQueue, type TaskQueue } from '../../shared/queue/task-queue.ts';
import { createScaleApi } from '../../shared/scale/scale-api.ts';
import { createTaskTable } from '../../shared/tasks/dynamo-task-table.ts';
import { gbMs } from '../declared.ts';
import { meteringLines } from '../meter/log-bytes.ts';
import { API_KEY, type Parts } from './parts.ts';

const SETTLE_MS = 10_000;
const SKEW_MS = 5_000;
const MOST_TRIES = 5;

/** Lambda's event source mapping and the worker: receives, works and deletes until the queue is empty. */
export function createWorking(parts: Parts): () => Promise<void> {
  const { meter, clients, taskQueueUrl: QueueUrl } = parts;
  const work = metered(parts);
  const { sqs } = clients;
  let calls = 0;
  return async () => {
    for (;;) {
      const messages = await receive(parts, sqs);
      if (messages.length === 0) return;
      calls += 1;
      const bytes = messages.reduce((sum, { Body = '' }) => sum + Buffer.byteLength(Body), 0);
      meter.add('lambdaRequests', 'worker', 1);
      meter.add('lambdaGbMs', 'worker', gbMs('worker', { bytes, messages: messages.length }));
      const awsRequestId = `00000000-0000-4000-8000-${String(calls).padStart(12, '0')}`;
      const { batchItemFailures } = await meteringLines(meter, 'worker', () =>
        work(messages.map(toRecord), { awsRequestId }),
      );
      if (batchItemFailures.length > 0) throw new Error('the worker failed for a message');
      await sqs.send(
        new DeleteMessageBatchCommand({
          QueueUrl,
          Entries: messages.map(({ ReceiptHandle }, index) => ({
            Id: String(index),
            ReceiptHandle,
          })),
        }),
      );
    }
  };
}

function metered(
  parts: Parts,
): (records: readonly SQSRecord[], context: object) => Promise<SQSBatchResponse> {
  const { clients, bodies, clock, shown, tasksTable, mirrorStateTable, scaleUrl } = parts;
  const { published, ...telemetry } = createTelemetry('worker');
  const state = { client: clients.dynamodb, tableName: mirrorStateTable };
  const noSleep = () => Promise.resolve();
  const api = createScaleApi({
    baseUrl: scaleUrl,
    apiKey: () => Promise.resolve(API_KEY),
    fetch: (url, init) => {
      const task = shown.get(new URL(url).pathname.split('/').at(-1) ?? '');
      return task === undefined ? fetch(url, init) : Promise.resolve(new Response(task));
    },
    limit: (request) => request(),
    ...{ clock, sleep: noSleep, timeoutMs: 1_000, retries: 0, firstRetryMs: 0 },
    mayRetry: () => false,
  });
  const work = createWorker({
    taskTable: createTaskTable({
      ...{ client: clients.dynamodb, tableName: tasksTable, bodies, sleep: noSleep },
    }),
    taskQueue: withoutDelay(parts),
    deadLetters: {
      queue: createTaskQueue({ client: clients.sqs, queueUrl: parts.deadLettersUrl }),
      afterTries: MOST_TRIES,
    },
    bodies,
    directory: cachedDirectory(createDirectory(state), clock),
    batchBook: createBatchBook(state),
    scale: () => Promise.resolve({ api, world: 'unknown' }),
    order: { settleMs: SETTLE_MS, skewMs: SKEW_MS },
    historyMs: undefined,
    clock,
    ...telemetry,
  });
  return published(work);
}

/** A message that waits is there at once, and the clock says that it has waited. */
function withoutDelay({ clients, taskQueueUrl, clock }: Parts): TaskQueue {
  const queue = createTaskQueue({ client: clients.sqs, queueUrl: taskQueueUrl });
  return {
    ...queue,
    send: async (message, delaySeconds = 0) => {
      await clock.advance(delaySeconds * 1_000);
      await queue.send(message);
    },
  };
}

/** An empty queue is not asked: what pollers find nothing is no callback's cost, and `costs/idle.ts` has it. */
async function receive(
  { clients, taskQueueUrl: QueueUrl, perBatch: most }: Parts,
  client: SQSClient,
): Promise<Message[]> {
  const { Attributes } = await clients.looking.send(
    new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['ApproximateNumberOfMessages'] }),
  );
  if (Attributes?.ApproximateNumberOfMessages === '0') return [];
  const { Messages = [] } = await client.send(
    new ReceiveMessageCommand({
      QueueUrl,
      MaxNumberOfMessages: most,
      MessageAttributeNames: ['All'],
    }),
  );
  return Messages;
}

function toRecord({ Body = '', MessageAttributes = {}, MessageId = '' }: Message): SQSRecord {
  const attributes: Record<string, string> = {};
  for (const [name, { StringValue = '' }] of Object.entries(MessageAttributes)) {
    attributes[name] = StringValue;
  }
  return sqsRecord({ body: Body, attributes }, MessageId);
}
