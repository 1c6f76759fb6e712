import type { SQSRecord } from 'aws-lambda';

import { errorName } from '../../shared/platform/log.ts';
import { failureOf, withFailure } from '../../shared/queue/dead-letter.ts';
import type { WireMessage } from '../../shared/queue/task-message.ts';
import type { WorkerDependencies } from './dependencies.ts';

/**
 * Puts messages that have failed for the last time among the dead letters itself, each with why it failed; SQS
 * would move it as it is. Answers the ids of those that are there now and may leave the queue. Whatever is
 * not sent is left to SQS: a worker that dies, a full message, a send that fails lose the reason and nothing else.
 */
export async function handOver(
  { deadLetters, log }: Pick<WorkerDependencies, 'deadLetters' | 'log'>,
  records: readonly SQSRecord[],
  failures: ReadonlyMap<string, unknown>,
): Promise<ReadonlySet<string>> {
  const handedOver = new Set<string>();
  const failed = records.filter(({ messageId }) => failures.has(messageId));
  await Promise.all(
    failed.map(async (record) => {
      const { messageId } = record;
      try {
        const message = copyOf(record);
        const tries = Number(record.attributes.ApproximateReceiveCount);
        const isLastTry = tries >= deadLetters.afterTries;
        if (message === undefined || !isLastTry) return;
        await deadLetters.queue.send(withFailure(message, failureOf(failures.get(messageId))));
        handedOver.add(messageId);
      } catch (error) {
        log.warn('why a message failed is not kept', { messageId, error: errorName(error) });
      }
    }),
  );
  return handedOver;
}

/** The message as it was sent; `undefined` for one of somebody else's that could not be sent so again. */
function copyOf({ body, messageAttributes }: SQSRecord): WireMessage | undefined {
  const entries = Object.entries(messageAttributes);
  const attributes = Object.fromEntries(
    entries.flatMap(([name, { dataType, stringValue }]) =>
      dataType === 'String' && stringValue !== undefined ? [[name, stringValue]] : [],
    ),
  );
  return Object.keys(attributes).length === entries.length ? { body, attributes } : undefined;
}
