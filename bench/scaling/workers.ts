import type { Random } from '../../prove/kills/random.ts';
import type { EventHeap } from './event-heap.ts';
import { createPollers } from './pollers.ts';
import { createQueue, type Message } from './queue.ts';
import { createRetryQuota, type RetryQuota } from './retry-quota.ts';
import type { Scenario } from './scenario.ts';
import type { Tables } from './tables.ts';
import { createWrites } from './writes.ts';

/** The worker, called with batches of the queue. */
export interface Workers {
  /** Takes a callback that was accepted. */
  readonly accept: (at: number) => void;
  /** Calls that run at once. */
  readonly active: () => number;
  readonly counts: () => WorkerCounts;
}

export interface WorkerCounts {
  readonly stored: number;
  /** Waiting, in flight, or delayed. */
  readonly backlog: number;
  readonly mostBacklog: number;
  /** Messages that the worker sent once more, since DynamoDB had no room for them. */
  readonly putBack: number;
  /** Write calls that DynamoDB refused. */
  readonly throttledWrites: number;
  /** From its acceptance until it was stored, of the one that took longest. */
  readonly longestSeconds: number;
  /** When 99 of 100 callbacks of the scenario were stored; 0 where they never were. */
  readonly mostStoredAt: number;
}

interface WorkersSettings {
  readonly scenario: Scenario;
  readonly random: Random;
  readonly events: EventHeap;
  readonly tables: Tables;
  /** Calls that Lambda leaves to the worker at a time. */
  readonly leave: (at: number) => number;
}

/** So many callbacks count as all: the last of a burst wait for Scale's retries. */
const MOST = 0.99;

/** One call of the worker, and how many of its messages are not done. */
interface Call {
  readonly quota: RetryQuota;
  open: number;
}

export function createWorkers({
  scenario,
  random,
  events,
  tables,
  leave,
}: WorkersSettings): Workers {
  const { limits, costs, retries } = scenario;
  const most = Math.ceil(scenario.callbacks * MOST);
  const idle: RetryQuota[] = [];
  const writes = createWrites(tables, events, random);
  const counts = {
    ...{ active: 0, stored: 0 },
    ...{ mostBacklog: 0, longestSeconds: 0, mostStoredAt: 0 },
  };

  const startCalls = (at: number): void => {
    if (!queue.hasSome()) return;
    pollers.begin(at);
    const allowed = Math.min(pollers.allowed(at), leave(at));
    while (counts.active < allowed && queue.hasSome()) start(at);
  };

  const start = (receivedAt: number): void => {
    const messages = queue.receive();
    const call = { quota: idle.pop() ?? createRetryQuota(retries), open: messages.length };
    counts.active += 1;
    const at = receivedAt + costs.beforeWritesSeconds;
    events.add(at, () => {
      for (const message of messages) {
        const { quota } = call;
        writes.begin(
          {
            message,
            quota,
            onEnd: (outcome, endAt) => {
              end(call, message, outcome, endAt);
            },
          },
          at,
        );
      }
    });
  };

  const end = (call: Call, message: Message, outcome: 'stored' | 'failed', at: number): void => {
    if (outcome === 'stored') store(message, at);
    else queue.putBack(message, at);
    call.open -= 1;
    if (call.open > 0) return;
    const endsAt = at + costs.afterWritesSeconds;
    events.add(endsAt, () => {
      counts.active -= 1;
      idle.push(call.quota);
      startCalls(endsAt);
    });
  };

  const store = (message: Message, at: number): void => {
    queue.remove();
    counts.stored += 1;
    if (counts.stored === most) counts.mostStoredAt = at;
    counts.longestSeconds = Math.max(counts.longestSeconds, at - message.acceptedAt);
  };

  const queue = createQueue(limits, events, startCalls);
  const pollers = createPollers(limits, events, startCalls);
  return {
    accept: (at) => {
      const keys = tables.keysOfTask();
      queue.add({ acceptedAt: at, keys, hasDocument: false });
      counts.mostBacklog = Math.max(counts.mostBacklog, queue.backlog());
      startCalls(at);
    },
    active: () => counts.active,
    counts: () => ({
      ...counts,
      backlog: queue.backlog(),
      putBack: queue.hasBeenPutBack(),
      throttledWrites: writes.throttled(),
    }),
  };
}
