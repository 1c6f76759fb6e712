import { setTimeout as sleep } from 'node:timers/promises';

import { GetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';

/** Messages that are still to be worked off, and those that were given up. */
export interface Queues {
  /** Waiting, delayed or in flight. */
  readonly backlog: () => Promise<number>;
  readonly deadLetters: () => Promise<number>;
  readonly close: () => void;
}

const COUNTS = [
  'ApproximateNumberOfMessages',
  'ApproximateNumberOfMessagesNotVisible',
  'ApproximateNumberOfMessagesDelayed',
] as const;

export function openQueues(awsUrl: string): Queues {
  const client = new SQSClient({
    endpoint: awsUrl,
    region: 'us-east-1',
    credentials: { accessKeyId: 'soak', secretAccessKey: 'soak' },
  });
  const countOf = async (name: string): Promise<number> => {
    const { Attributes = {} } = await client.send(
      new GetQueueAttributesCommand({
        QueueUrl: `${awsUrl}/000000000000/${name}`,
        AttributeNames: [...COUNTS],
      }),
    );
    return COUNTS.reduce((sum, count) => sum + Number(Attributes[count] ?? 0), 0);
  };
  return {
    backlog: () => countOf('TaskQueue'),
    deadLetters: () => countOf('TaskDeadLetters'),
    close: () => {
      client.destroy();
    },
  };
}

const LOOK_MS = 250;

/** Waits until nothing is left to work off; answers the seconds, or `undefined` if that takes too long. */
export async function drained(
  { backlog }: Pick<Queues, 'backlog'>,
  longestSeconds: number,
  signal: AbortSignal,
): Promise<number | undefined> {
  const startedAt = performance.now();
  const elapsed = (): number => (performance.now() - startedAt) / 1_000;
  while ((await backlog()) > 0) {
    if (elapsed() > longestSeconds || signal.aborted) return undefined;
    await sleep(LOOK_MS);
  }
  return elapsed();
}
