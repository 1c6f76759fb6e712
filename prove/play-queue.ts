import type { TaskQueue } from '../shared/queue/task-queue.ts';
import type { WireMessage } from '../shared/queue/task-message.ts';
import type { Clock } from '../shared/platform/clock.ts';
import type { Repetition } from './history.ts';
import { VISIBILITY_MS } from './settings.ts';

export interface QueuedMessage {
  readonly message: WireMessage;
  readonly visibleAt: number;
  readonly what: string;
}

/** SQS as it promises to be: at least once, hidden while in work, handed out again if not deleted. */
export interface PlayQueue extends TaskQueue {
  put(message: QueuedMessage): void;
  /** When the next message can be received; Infinity if there is none. */
  nextAt(): number;
  /** Takes out messages that can be received now; they have to be settled. */
  receive(most: number): readonly QueuedMessage[];
  /** The worker is done: what has failed comes back, and what a history repeats as well. */
  settle(received: readonly QueuedMessage[], failed: (index: number) => boolean): void;
}

export function playQueue(clock: Clock, repetitions: readonly Repetition[]): PlayQueue {
  let waiting: QueuedMessage[] = [];
  let deliveries = 0;
  const send = (message: WireMessage, delaySeconds = 0): Promise<void> => {
    const visibleAt = clock.now() + delaySeconds * 1_000;
    waiting.push({ message, visibleAt, what: `put back: ${nameOf(message)}` });
    return Promise.resolve();
  };
  return {
    send,
    sendAll: async (messages) => {
      for (const message of messages) await send(message);
    },
    put: (message) => {
      waiting.push(message);
    },
    nextAt: () => waiting.reduce((next, { visibleAt }) => Math.min(next, visibleAt), Infinity),
    receive: (most) => {
      const ready = waiting.filter(({ visibleAt }) => visibleAt <= clock.now());
      const received = ready.toSorted((a, b) => a.visibleAt - b.visibleAt).slice(0, most);
      waiting = waiting.filter((one) => !received.includes(one));
      return received;
    },
    settle: (received, failed) => {
      for (const [index, one] of received.entries()) {
        deliveries += 1;
        const repeated = repetitions.find(({ delivery }) => delivery === deliveries);
        const afterMs = failed(index) ? VISIBILITY_MS : repeated?.afterMs;
        if (afterMs !== undefined) waiting.push({ ...one, visibleAt: clock.now() + afterMs });
      }
    },
  };
}

/** The attributes but for what a body is, for people. */
function nameOf({ attributes }: WireMessage): string {
  return Object.entries(attributes)
    .map(([name, value]) => `${name} ${value}`)
    .join(', ');
}
