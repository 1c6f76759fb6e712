import type { DeadLetters, ReceivedLetter } from './dead-letters.ts';

/** Long enough for a batch to be sent and removed; after an interruption letters are back in so many seconds. */
const HIDDEN_SECONDS = 120;

/** Receptions in a row that found only what was seen: it comes back faster than it can be read. */
const MOST_VAIN = 50;

/**
 * Shows every dead letter once, at most ten at a time. `work` answers the message ids of those that it has
 * removed; all others can be received again once this ends, however it ends. Without time it ends early.
 */
export async function readThrough(
  deadLetters: Pick<DeadLetters, 'receive' | 'release'>,
  work: (letters: readonly ReceivedLetter[]) => Promise<ReadonlySet<string>>,
  hasTime: () => boolean = () => true,
): Promise<void> {
  const held = new Map<string, ReceivedLetter>();
  const removed = new Set<string>();
  let vain = 0;
  try {
    while (vain < MOST_VAIN && hasTime()) {
      const received = await deadLetters.receive(HIDDEN_SECONDS);
      // A long poll asks all servers of the queue: what it does not find is not there.
      if (received.length === 0) break;
      const fresh = received.filter(({ messageId: id }) => !held.has(id) && !removed.has(id));
      for (const letter of received) held.set(letter.messageId, letter);
      vain = fresh.length === 0 ? vain + 1 : 0;
      if (fresh.length === 0) continue;
      for (const messageId of await work(fresh)) {
        held.delete(messageId);
        removed.add(messageId);
      }
    }
  } finally {
    // Where it fails they come back by themselves, and what went wrong before is what counts.
    await deadLetters.release([...held.values()]).catch(() => undefined);
  }
}
