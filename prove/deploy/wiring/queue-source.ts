import { ChangeMessageVisibilityCommand, type SQSClient } from '@aws-sdk/client-sqs';
import * as v from 'valibot';

import { type Poller, startPoller } from '../../../local/poller.ts';
import { type QueueMapping, reportsFailures } from '../deployed/read-mappings.ts';

const batch = v.object({
  Records: v.array(v.object({ messageId: v.string(), receiptHandle: v.string() })),
});

const answer = v.nullish(
  v.object({
    batchItemFailures: v.optional(v.array(v.object({ itemIdentifier: v.string() })), []),
  }),
);

/** Two poll at once: two cores gain nothing beyond this. */
const MOST_POLLERS = 2;

export interface QueueSourceSettings {
  readonly mapping: QueueMapping;
  readonly client: SQSClient;
  readonly queueUrl: string;
  readonly invoke: (event: unknown) => Promise<unknown>;
}

/**
 * Reads a queue for a function as its mapping says. What fails is back at once rather than after the queue's visibility
 * timeout, of six minutes: that a message comes back is to be shown, not how long it takes.
 */
export function startQueueSource(settings: QueueSourceSettings): Poller {
  const { mapping, client, queueUrl } = settings;
  return startPoller({
    client,
    queueUrl,
    queueArn: mapping.EventSourceArn,
    batchSize: mapping.BatchSize,
    concurrency: Math.min(MOST_POLLERS, mapping.ScalingConfig?.MaximumConcurrency ?? MOST_POLLERS),
    invokeWorker: async (event) => {
      const failed = await failuresOf(settings, event);
      for (const { receiptHandle } of failed) {
        await client.send(
          new ChangeMessageVisibilityCommand({
            QueueUrl: queueUrl,
            ReceiptHandle: receiptHandle,
            VisibilityTimeout: 0,
          }),
        );
      }
      return { batchItemFailures: failed.map(({ messageId: id }) => ({ itemIdentifier: id })) };
    },
  });
}

/** The messages of a batch that stay in the queue; all of them where the call fails. */
export async function failuresOf(
  { mapping, invoke }: Pick<QueueSourceSettings, 'mapping' | 'invoke'>,
  event: unknown,
): Promise<v.InferOutput<typeof batch>['Records']> {
  const { Records } = v.parse(batch, event);
  try {
    const said = await invoke(event);
    if (!reportsFailures(mapping)) return [];
    const failures = v.parse(answer, said)?.batchItemFailures ?? [];
    const ids = new Set(failures.map(({ itemIdentifier }) => itemIdentifier));
    return Records.filter(({ messageId }) => ids.has(messageId));
  } catch {
    return Records;
  }
}
