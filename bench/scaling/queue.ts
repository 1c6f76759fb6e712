import type { EventHeap } from './event-heap.ts';
import { createFifo } from './fifo.ts';
import type { Limits } from './scenario.ts';
import type { IndexKeys } from './tables.ts';

export interface Message {
  readonly acceptedAt: number;
  readonly keys: IndexKeys;
  received: number;
  hasDocument: boolean;
}

/** SQS: what waits, what is in flight, and what comes back once its visibility timeout is over. */
export interface Queue {
  readonly add: (message: Message) => void;
  /** As many as a call takes, and as may be in flight. */
  readonly receive: () => Message[];
  readonly hasSome: () => boolean;
  readonly remove: () => void;
  /** Leaves a message that was received at a time to the visibility timeout. */
  readonly leave: (message: Message, receivedAt: number) => void;
  /** Waiting, in flight, or hidden after a failure. */
  readonly backlog: () => number;
  readonly redelivered: () => number;
}

export function createQueue(
  limits: Limits,
  events: EventHeap,
  onBack: (at: number) => void,
): Queue {
  const visible = createFifo<Message>();
  let [inFlight, redelivered] = [0, 0];
  return {
    add: visible.push,
    receive: () => {
      const messages: Message[] = [];
      while (messages.length < limits.batchSize && inFlight < limits.mostInFlight) {
        const message = visible.shift();
        if (message === undefined) break;
        if (message.received > 0) redelivered += 1;
        message.received += 1;
        inFlight += 1;
        messages.push(message);
      }
      return messages;
    },
    hasSome: () => visible.size() > 0 && inFlight < limits.mostInFlight,
    remove: () => {
      inFlight -= 1;
    },
    leave: (message, receivedAt) => {
      const backAt = receivedAt + limits.visibilitySeconds;
      events.add(backAt, () => {
        inFlight -= 1;
        visible.push(message);
        onBack(backAt);
      });
    },
    backlog: () => visible.size() + inFlight,
    redelivered: () => redelivered,
  };
}
