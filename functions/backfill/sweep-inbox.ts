import type { Bodies } from '../../shared/documents/bodies.ts';
import { INBOX_WAITING_PREFIX, sweptInboxKey } from '../../shared/documents/body-keys.ts';
import type { Clock } from '../../shared/platform/clock.ts';
import type { Log } from '../../shared/platform/log.ts';
import type { Metrics } from '../../shared/platform/metrics.ts';
import {
  NO_PROGRESS,
  originOfMetadata,
  serializeMessage,
} from '../../shared/queue/task-message.ts';
import type { TaskQueue } from '../../shared/queue/task-queue.ts';

export interface SweepDependencies {
  readonly bodies: Bodies;
  readonly taskQueue: Pick<TaskQueue, 'send'>;
  readonly clock: Clock;
  readonly metrics: Metrics;
  readonly log: Log;
}

/** A body waits this long for its own message before it is taken for forgotten. */
const FORGOTTEN_AFTER_MS = 10 * 60_000;

/**
 * Puts bodies on the queue that were kept in the inbox while SQS did not take their message. Each is
 * moved first, so that it is swept once: copied, its message sent, and only then removed. Should the
 * first message arrive after all it finds nothing, and the worker is done with it.
 */
export async function sweepInbox(dependencies: SweepDependencies): Promise<void> {
  const { bodies, taskQueue, clock, metrics, log } = dependencies;
  const waiting = await bodies.list(INBOX_WAITING_PREFIX);
  const forgotten = waiting.filter(({ writtenAt }) => clock.now() - writtenAt > FORGOTTEN_AFTER_MS);
  for (const { key } of forgotten) {
    const stored = await bodies.get(key);
    const origin = stored && originOfMetadata(stored.metadata);
    if (stored === undefined || origin === undefined) {
      if (stored) log.error('an object in the inbox is none of ours, left there', { key });
      continue;
    }
    const swept = sweptInboxKey(key);
    await bodies.put(swept, stored);
    const body = { kind: 'inbox', key: swept } as const;
    await taskQueue.send(serializeMessage({ origin, progress: NO_PROGRESS, body }));
    await bodies.remove(key);
    metrics.count('InboxSwept');
  }
}
