import type { Clock } from '../../shared/platform/clock.ts';
import { splitFailure } from '../../shared/queue/dead-letter.ts';
import type { DeadLetters, ReceivedLetter } from '../../shared/queue/dead-letters.ts';
import type { WireMessage } from '../../shared/queue/task-message.ts';

export interface InMemoryDeadLetters extends DeadLetters {
  /** Puts a message there, sent at a time. Answers its id. */
  add(message: WireMessage, sentAt?: number): string;
  /** The ids of those that are there. */
  ids(): string[];
  /** While set, every call fails with it. */
  failure: Error | undefined;
  /** Ids that SQS does not remove. */
  readonly stuck: Set<string>;
}

interface Held {
  readonly letter: Omit<ReceivedLetter, 'receipt'>;
  visibleAt: number;
  receptions: number;
}

/** The `DeadLetters` port in memory: what is received is hidden until its time is over. */
export function inMemoryDeadLetters(clock: Clock): InMemoryDeadLetters {
  const all = new Map<string, Held>();
  let lastId = 0;
  const newest = ({ messageId, receipt }: ReceivedLetter): Held | undefined => {
    const held = all.get(messageId);
    return held && receiptOf(held) === receipt ? held : undefined;
  };
  const fake: InMemoryDeadLetters = {
    failure: undefined,
    stuck: new Set(),
    ids: () => [...all.keys()],
    add: (message, sentAt = clock.now()) => {
      const messageId = `letter-${String((lastId += 1))}`;
      const letter = { messageId, sentAt, ...splitFailure(message) };
      all.set(messageId, { letter, visibleAt: 0, receptions: 0 });
      return messageId;
    },
    receive: async (hiddenSeconds) => {
      if (fake.failure) throw fake.failure;
      const ready = [...all.values()].filter(({ visibleAt }) => visibleAt <= clock.now());
      return ready.slice(0, 10).map((held) => {
        held.visibleAt = clock.now() + hiddenSeconds * 1_000;
        held.receptions += 1;
        return { ...held.letter, receipt: receiptOf(held) };
      });
    },
    release: async (letters) => {
      if (fake.failure) throw fake.failure;
      for (const letter of letters) {
        const held = newest(letter);
        if (held) held.visibleAt = 0;
      }
    },
    remove: async (letters) => {
      if (fake.failure) throw fake.failure;
      const left = letters.filter((one) => fake.stuck.has(one.messageId) || !newest(one));
      for (const one of letters) if (!left.includes(one)) all.delete(one.messageId);
      return new Set(left.map(({ messageId }) => messageId));
    },
    count: async () => {
      if (fake.failure) throw fake.failure;
      const held = [...all.values()];
      const hidden = held.filter(({ visibleAt }) => visibleAt > clock.now()).length;
      return { visible: held.length - hidden, hidden };
    },
  };
  return fake;
}

function receiptOf({ letter, receptions }: Held): string {
  return `${letter.messageId} ${String(receptions)}`;
}
