import type { Random } from '../../prove/kills/random.ts';
import type { EventHeap } from './event-heap.ts';
import { createPollers } from './pollers.ts';
import { createQueue, type Message } from './queue.ts';
import { createRetryQuota, type RetryQuota } from './retry-quota.ts';
import type { Scenario } from './scenario.ts';
import type { Tables } from './tables.ts';

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
  readonly deadLetters: number;
  /** Waiting, in flight, or hidden after a failure. */
  readonly backlog: number;
  readonly mostBacklog: number;
  /** Deliveries after the first. */
  readonly redelivered: number;
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

/** One call of the worker, and its messages that are not done. */
interface Call {
  readonly receivedAt: number;
  /** Of its environment's client. */
  readonly quota: RetryQuota;
  open: number;
}

/** The next write of a message. */
interface Write {
  readonly call: Call;
  readonly message: Message;
  /** The head follows its document. */
  readonly record: 'document' | 'head';
  /** With this one. */
  readonly tries: number;
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
  const counts = {
    ...{ active: 0, stored: 0, deadLetters: 0, mostBacklog: 0 },
    ...{ throttledWrites: 0, longestSeconds: 0, mostStoredAt: 0 },
  };

  const startCalls = (at: number): void => {
    if (!queue.hasSome()) return;
    pollers.begin(at);
    const allowed = Math.min(pollers.allowed(at), leave(at));
    while (counts.active < allowed && queue.hasSome()) start(at);
  };

  const start = (receivedAt: number): void => {
    const messages = queue.receive();
    const call = {
      receivedAt,
      quota: idle.pop() ?? createRetryQuota(retries),
      open: messages.length,
    };
    counts.active += 1;
    const at = receivedAt + costs.beforeWritesSeconds;
    events.add(at, () => {
      for (const message of messages) write({ call, message, record: 'document', tries: 1 }, at);
    });
  };

  const write = (one: Write, at: number): void => {
    const { call, message, record, tries } = one;
    const isWritten =
      record === 'document'
        ? tables.writeDocument(at, message.hasDocument)
        : tables.writeHead(at, message.keys);
    if (!isWritten) {
      tryAgain(one, at);
      return;
    }
    call.quota.succeeded(tries);
    if (record === 'document') {
      message.hasDocument = true;
      write({ call, message, record: 'head', tries: 1 }, at);
      return;
    }
    queue.remove();
    counts.stored += 1;
    if (counts.stored === most) counts.mostStoredAt = at;
    counts.longestSeconds = Math.max(counts.longestSeconds, at - message.acceptedAt);
    close(call, at);
  };

  const tryAgain = (one: Write, at: number): void => {
    const { call, message, tries } = one;
    counts.throttledWrites += 1;
    const wait = call.quota.waitAfter(tries, random());
    if (wait !== undefined) {
      events.add(at + wait, () => {
        write({ ...one, tries: tries + 1 }, at + wait);
      });
      return;
    }
    if (message.received < limits.maxReceiveCount) queue.leave(message, call.receivedAt);
    else {
      // The worker hands over what has failed for the last time.
      queue.remove();
      counts.deadLetters += 1;
    }
    close(call, at);
  };

  const close = (call: Call, at: number): void => {
    call.open -= 1;
    if (call.open > 0) return;
    const endsAt = at + costs.afterWritesSeconds;
    events.add(endsAt, () => {
      counts.active -= 1;
      idle.push(call.quota);
      startCalls(endsAt);
    });
  };

  const queue = createQueue(limits, events, startCalls);
  const pollers = createPollers(limits, events, startCalls);
  return {
    accept: (at) => {
      const keys = tables.keysOfTask();
      queue.add({ acceptedAt: at, keys, received: 0, hasDocument: false });
      counts.mostBacklog = Math.max(counts.mostBacklog, queue.backlog());
      startCalls(at);
    },
    active: () => counts.active,
    counts: () => ({ ...counts, backlog: queue.backlog(), redelivered: queue.redelivered() }),
  };
}
