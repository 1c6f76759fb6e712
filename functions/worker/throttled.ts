import { isThrottled } from '../../shared/platform/is-throttled.ts';
import { errorName } from '../../shared/platform/log.ts';
import { seenAt } from '../../shared/queue/task-message.ts';
import type { WorkerDependencies } from './dependencies.ts';
import { idsOf } from './outcome.ts';
import { putBack } from './put-back.ts';
import type { ReceivedMessage } from './sight.ts';

/** Longer than a burst of the SDK's tries, and soon enough for who waits: docs/scaling.md has what comes of it. */
export const POSTPONED_MS = 60_000;

/** As long as SQS keeps a message. One that was put back is young to SQS, so its own age has to bound it. */
const LONGEST_MS = 14 * 24 * 60 * 60_000;

/**
 * Puts a message back for which AWS had no room, after all the SDK's tries. The copy begins to count anew, so that a hot
 * batch never ends among the dead letters for its rate. False for any other failure: that is left to the queue.
 */
export async function postponeThrottled(
  dependencies: WorkerDependencies,
  received: ReceivedMessage,
  error: unknown,
): Promise<boolean> {
  const { clock, metrics, log } = dependencies;
  const { message } = received;
  const ageMs = clock.now() - seenAt(message.origin);
  if (!isThrottled(error) || ageMs > LONGEST_MS) return false;
  try {
    await putBack(dependencies, message, message.progress, POSTPONED_MS);
  } catch {
    // The queue has it still, and why it failed is what it failed of first.
    return false;
  }
  metrics.count('MessagePostponed');
  metrics.seconds('PostponedAgeSeconds', ageMs / 1_000);
  log.warn('message put back: no room to read or write it', {
    ...idsOf(received),
    error: errorName(error),
  });
  return true;
}
