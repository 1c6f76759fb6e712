import { unrecognisedKey } from '../../shared/documents/body-keys.ts';
import { sha256 } from '../../shared/documents/digest.ts';
import type { UnrecognisedReason } from '../../shared/observations/callback.ts';
import { toIso } from '../../shared/platform/iso.ts';
import { originAttributes, seenAt } from '../../shared/queue/task-message.ts';
import type { WorkerDependencies } from './dependencies.ts';
import { idsOf } from './outcome.ts';
import type { ReceivedMessage } from './sight.ts';

/** Authentic bytes that nobody understands: kept as they are, counted, and off the queue. With all that a replay needs. */
export async function keepUnrecognised(
  { bodies, metrics, log }: WorkerDependencies,
  received: ReceivedMessage,
  reason: UnrecognisedReason,
): Promise<void> {
  const { messageId, message, bytes } = received;
  const { origin } = message;
  const key = unrecognisedKey(seenAt(origin), sha256(bytes));
  await bodies.put(key, {
    bytes,
    metadata: { ...originAttributes(origin), seenat: toIso(seenAt(origin)), reason },
  });
  if (reason === 'a batch') return;
  metrics.count('Unrecognised');
  log.warn('body not recognised, kept', { messageId, ...idsOf(received), reason, key });
}
