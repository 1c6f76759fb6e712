import type { EventHeap } from './event-heap.ts';
import { createFifo } from './fifo.ts';
import type { Limits } from './scenario.ts';
import type { IndexKeys } from './tables.ts';

export interface Message {
  readonly acceptedAt: number;
  readonly keys: IndexKeys;
  hasDocument: boolean;
}

/** SQS: what waits, what is in flight, and what comes again once its delay is over. */
export interface Queue {
  readonly add: (message: Message) => void;
  /** As many as a call takes, and as may be in flight. */
  readonly receive: () => Message[];
  readonly hasSome: () => boolean;
  readonly remove: () => void;
  /** Sends a message once more, with a delay; the received one is gone. */
  readonly putBack: (message: Message, at: number) => void;
  /** Waiting, in flight, or delayed. */
  readonly backlog: () => number;
  readonly hasBeenPutBack: () => number;
}

export function createQueue(
  limits: Limits,
  events: EventHeap,
  onBack: (at: number) => void,
): Queue {
  const visible = createFifo<Message>();
  let [inFlight, delayed, putBacks] = [0, 0, 0];
  return {
    add: visible.push,
    receive: () => {
      const messages: Message[] = [];
      while (messages.length < limits.batchSize && inFlight < limits.mostInFlight) {
        const message = visible.shift();
        if (message === undefined) break;
        inFlight += 1;
        messages.push(message);
      }
      return messages;
    },
    hasSome: () => visible.size() > 0 && inFlight < limits.mostInFlight,
    remove: () => {
      inFlight -= 1;
    },
    putBack: (message, at) => {
      const visibleAt = at + limits.putBackSeconds;
      inFlight -= 1;
      delayed += 1;
      putBacks += 1;
      events.add(visibleAt, () => {
        delayed -= 1;
        visible.push(message);
        onBack(visibleAt);
      });
    },
    backlog: () => visible.size() + inFlight + delayed,
    hasBeenPutBack: () => putBacks,
  };
}
