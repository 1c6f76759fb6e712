import type { SQSBatchResponse, SQSRecord } from 'aws-lambda';

import { errorName, errorPlace } from '../../shared/platform/log.ts';
import { parseMessage, type TaskMessage } from '../../shared/queue/task-message.ts';
import type { Head } from '../../shared/tasks/head.ts';
import type { WorkerDependencies } from './dependencies.ts';
import { handOver } from './hand-over.ts';
import { idsOf, notingOutcome, tellOutcome } from './outcome.ts';
import { type Ending, processMessage } from './process-message.ts';
import { readSight, type ReceivedMessage, taskIdOf } from './sight.ts';
import { postponeThrottled } from './throttled.ts';

/**
 * Works off one batch. Each record fails alone; records of one task go one after the other, since they
 * would only race each other, and all others side by side.
 */
export function createWorker(dependencies: WorkerDependencies) {
  return async (records: readonly SQSRecord[]): Promise<SQSBatchResponse> => {
    const failures = new Map<string, unknown>();
    const fail: Fail = (messageId, error, received) => {
      failures.set(messageId, error);
      dependencies.metrics.count('MessageFailed');
      dependencies.log.error('message failed, left to the queue', {
        messageId,
        ...(received && idsOf(received)),
        error: errorName(error),
        at: errorPlace(error),
      });
    };
    const received = await receiveAll(dependencies, records, fail);
    const heads = headsOf(dependencies, received);
    await Promise.all(
      byTask(received).map((messages) => processInTurn(dependencies, messages, heads, fail)),
    );
    const handedOver = await handOver(dependencies, records, failures);
    const left = [...failures.keys()].filter((messageId) => !handedOver.has(messageId));
    return { batchItemFailures: left.map((itemIdentifier) => ({ itemIdentifier })) };
  };
}

/** `received` where the message could be read. */
type Fail = (messageId: string, error: unknown, received?: ReceivedMessage) => void;

async function receiveAll(
  dependencies: WorkerDependencies,
  records: readonly SQSRecord[],
  fail: Fail,
): Promise<ReceivedMessage[]> {
  const received = await Promise.all(
    records.map(async (record) => {
      try {
        return await receive(dependencies, record);
      } catch (error) {
        fail(record.messageId, error);
        return undefined;
      }
    }),
  );
  return received.filter((message) => message !== undefined);
}

/** `undefined` for a body that has left the inbox: it was processed, or moved with a message of its own. */
async function receive(
  dependencies: WorkerDependencies,
  { messageId, body, messageAttributes }: SQSRecord,
): Promise<ReceivedMessage | undefined> {
  const attributes = Object.fromEntries(
    Object.entries(messageAttributes).map(([name, { stringValue }]) => [name, stringValue ?? '']),
  );
  const message = parseMessage({ body, attributes });
  const bytes = await bytesOf(dependencies, message);
  if (bytes === undefined) return undefined;
  return { messageId, message, bytes, sight: readSight(message, bytes, dependencies.order) };
}

async function bytesOf(
  { bodies }: WorkerDependencies,
  { body }: TaskMessage,
): Promise<Uint8Array | undefined> {
  if (body.kind === 'text') return Buffer.from(body.text, 'utf8');
  return (await bodies.get(body.key))?.bytes;
}

/** The heads of all tasks of the batch, read together. Where that fails, it fails for every message of a task. */
function headsOf(
  { taskTable }: WorkerDependencies,
  received: readonly ReceivedMessage[],
): Promise<ReadonlyMap<string, Head>> {
  const taskIds = received.map(({ sight }) => taskIdOf(sight)).filter((id) => id !== undefined);
  const heads = taskIds.length === 0 ? Promise.resolve(new Map()) : taskTable.getHeads(taskIds);
  // Each message tells of it when it comes to need them.
  heads.catch(() => undefined);
  return heads;
}

/** Messages in groups of one task; each one that shows no task is a group of its own. */
function byTask(received: readonly ReceivedMessage[]): ReceivedMessage[][] {
  const groups = new Map<string, ReceivedMessage[]>();
  for (const message of received) {
    const { sight, messageId } = message;
    const taskId = taskIdOf(sight);
    const key = taskId === undefined ? `message ${messageId}` : `task ${taskId}`;
    groups.set(key, [...(groups.get(key) ?? []), message]);
  }
  return [...groups.values()];
}

async function processInTurn(
  dependencies: WorkerDependencies,
  messages: readonly ReceivedMessage[],
  heads: Promise<ReadonlyMap<string, Head>>,
  fail: Fail,
): Promise<void> {
  const { taskTable, metrics } = dependencies;
  for (const [index, received] of messages.entries()) {
    try {
      const taskId = taskIdOf(received.sight);
      // After an earlier message of the same task the head may have moved.
      const read = (id: string) => (index === 0 ? heads : taskTable.getHeads([id]));
      const current = taskId === undefined ? undefined : (await read(taskId)).get(taskId);
      const noting = notingOutcome(metrics);
      const parts = { ...dependencies, metrics: noting.metrics };
      const ending = await processMessage(parts, received, current);
      await leaveInbox(dependencies, received.message, ending);
      tellOutcome(dependencies, received, noting.outcome());
    } catch (error) {
      const isPostponed = await postponeThrottled(dependencies, received, error);
      if (!isPostponed) fail(received.messageId, error, received);
    }
  }
}

async function leaveInbox(
  { bodies }: WorkerDependencies,
  { body }: TaskMessage,
  ending: Ending,
): Promise<void> {
  if (body.kind === 'inbox' && ending === 'finished') await bodies.remove(body.key);
}
