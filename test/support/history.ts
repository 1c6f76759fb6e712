import * as fc from 'fast-check';

import { createWorker } from '../../functions/worker/worker.ts';
import {
  NO_PROGRESS,
  serializeMessage,
  type WireMessage,
} from '../../shared/queue/task-message.ts';
import type { ScaleApi } from '../../shared/scale/scale-api.ts';
import type { Shape } from '../../shared/tasks/head.ts';
import { anSqsRecord } from './builders.ts';
import { fakeClock, NOON } from './fake-clock.ts';
import { fakeLog, fakeMetrics } from './fake-telemetry.ts';
import { inMemoryBatchBook } from './in-memory-batch-book.ts';
import { inMemoryDirectory } from './in-memory-directory.ts';
import { inMemoryBodies } from './in-memory-bodies.ts';
import { inMemoryTaskQueue } from './in-memory-task-queue.ts';
import { inMemoryTaskTable } from './in-memory-task-table.ts';
import { type Change, createWorld, TASK_ID } from './scale-world.ts';

const SETTLE_MS = 10_000;
const SKEW_MS = 5_000;
const DAY_MS = 86_400_000;

/** One step of a history, `afterMs` after the one before it. */
type Step =
  | {
      readonly kind: 'change';
      readonly afterMs: number;
      readonly change: Change;
      /** When copies of its callback arrive; none: it is lost. */
      readonly arrivesAfterMs: readonly number[];
    }
  | {
      readonly kind: 'read';
      readonly afterMs: number;
      readonly shape: Shape;
      readonly tookMs: number;
      /** How far behind the end of the answer the shown state lies. */
      readonly lagMs: number;
      /** How long the page waits before the worker sees it. */
      readonly queuedMs: number;
    };

export interface History {
  readonly skewMs: number;
  readonly showsUpdatedAt: boolean;
  readonly steps: readonly Step[];
  /** Lags of the worker's own reads, used in turn. */
  readonly confirmLagsMs: readonly number[];
}

const changes: Change[] = [
  'complete',
  'complete',
  'complete',
  'accept',
  'fix',
  'fix without a time',
  'recall, keeping the response',
  'recall, dropping the response',
  'undo the recall',
  'cancel',
  'fail',
];

/** Gaps within settle and skew, and far beyond them. */
const gap = fc.oneof(
  { arbitrary: fc.integer({ min: 1, max: 3_000 }), weight: 3 },
  { arbitrary: fc.integer({ min: 1, max: 30_000 }), weight: 3 },
  { arbitrary: fc.integer({ min: 1, max: 3 * 3_600_000 }), weight: 2 },
);

const delay = fc.oneof(
  { arbitrary: fc.integer({ min: 20, max: 2_000 }), weight: 4 },
  { arbitrary: fc.integer({ min: 20, max: 60_000 }), weight: 2 },
  { arbitrary: fc.integer({ min: 20, max: DAY_MS }), weight: 2 },
);

const lag = fc.integer({ min: 0, max: SETTLE_MS });

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('change' as const),
      afterMs: gap,
      change: fc.constantFrom(...changes),
      arrivesAfterMs: fc.array(delay, { minLength: 0, maxLength: 3 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('read' as const),
      afterMs: gap,
      shape: fc.constantFrom<Shape>('v1', 'v2'),
      tookMs: fc.integer({ min: 1, max: 2_000 }),
      lagMs: lag,
      queuedMs: delay,
    }),
  },
);

export const histories: fc.Arbitrary<History> = fc.record({
  skewMs: fc.integer({ min: -SKEW_MS, max: SKEW_MS }),
  showsUpdatedAt: fc.boolean(),
  steps: fc.array(step, { minLength: 4, maxLength: 16 }),
  confirmLagsMs: fc.array(lag, { minLength: 1, maxLength: 8 }),
});

interface Arrival {
  readonly at: number;
  readonly message: WireMessage;
}

/** Plays a history against the real worker, on a fake table, and answers what became of the task. */
export async function play(history: History) {
  const world = createWorld(history, NOON);
  const arrivals: Arrival[] = [];
  let time = NOON;
  let lastChangeAt = NOON;
  let lastSeenAt = 0;
  let lastChange: Change | undefined;
  for (const one of history.steps) {
    time += one.afterMs;
    if (one.kind === 'change') {
      const state = world.change(one.change, time);
      if (state === undefined) continue;
      lastChangeAt = time;
      lastChange = one.change;
      if (one.arrivesAfterMs.length > 0) lastSeenAt = time;
      const task = world.document(state, 'v1');
      const body = JSON.stringify({ task, response: task['response'], task_id: TASK_ID });
      arrivals.push(...one.arrivesAfterMs.map((after) => callback(body, time + after)));
    } else {
      const shownAt = Math.max(time - SETTLE_MS, time + one.tookMs - one.lagMs);
      const state = world.at(shownAt);
      if (state === undefined) continue;
      const isReviewAlone = lastChange === 'accept';
      if (shownAt >= lastChangeAt && !(one.shape === 'v2' && isReviewAlone))
        lastSeenAt = lastChangeAt;
      const text = JSON.stringify(world.document(state, one.shape));
      arrivals.push(page(text, one.shape, time, time + one.tookMs, one.queuedMs));
    }
  }
  const mirror = createMirror(world, history.confirmLagsMs);
  await mirror.run(arrivals.sort((a, b) => a.at - b.at));
  return { world, mirror, isLastChangeSeen: lastSeenAt === lastChangeAt };
}

function callback(text: string, at: number): Arrival {
  const origin = { source: 'callback', receivedAt: at } as const;
  const body = { kind: 'text', text } as const;
  return { at, message: serializeMessage({ origin, progress: NO_PROGRESS, body }) };
}

function page(
  text: string,
  api: Shape,
  requestedAt: number,
  respondedAt: number,
  queuedMs: number,
): Arrival {
  const origin = { source: 'backfill', api, requestedAt, respondedAt } as const;
  const body = { kind: 'text', text } as const;
  return {
    at: respondedAt + queuedMs,
    message: serializeMessage({ origin, progress: NO_PROGRESS, body }),
  };
}

type World = ReturnType<typeof createWorld>;

function createMirror(world: World, confirmLagsMs: readonly number[]) {
  const clock = fakeClock(NOON);
  const taskTable = inMemoryTaskTable();
  const taskQueue = inMemoryTaskQueue(clock);
  const metrics = fakeMetrics();
  let reads = 0;
  const api: Pick<ScaleApi, 'getTask'> = {
    getTask: async (_taskId, shape) => {
      const requestedAt = clock.now();
      clock.advance(50);
      const lagMs = confirmLagsMs[reads % confirmLagsMs.length] ?? 0;
      reads += 1;
      const shownAt = Math.max(requestedAt - SETTLE_MS, clock.now() - lagMs);
      const state = world.at(shownAt);
      if (state === undefined) return undefined;
      const text = JSON.stringify(world.document(state, shape));
      return { text, requestedAt, respondedAt: clock.now() };
    },
  };
  const work = createWorker({
    taskTable,
    taskQueue,
    bodies: inMemoryBodies(clock),
    directory: inMemoryDirectory(),
    batchBook: inMemoryBatchBook(),
    scale: async () => ({ api: api as ScaleApi, world: 'unknown' }),
    order: { settleMs: SETTLE_MS, skewMs: SKEW_MS },
    historyMs: undefined,
    clock,
    metrics,
    log: fakeLog(),
  });

  const deliver = async (messages: readonly WireMessage[]): Promise<void> => {
    const { batchItemFailures } = await work(messages.map(anSqsRecord));
    if (batchItemFailures.length > 0) throw new Error('the worker left a message to the queue');
  };
  const until = (at: number): void => {
    clock.advance(Math.max(0, at - clock.now()));
  };

  /** Delivers everything in the order of time, with what the worker puts back in between. */
  const run = async (arrivals: readonly Arrival[]): Promise<void> => {
    const waiting = [...arrivals];
    for (;;) {
      const putBack = taskQueue.messages.map(({ visibleAt }) => visibleAt);
      const next = Math.min(waiting[0]?.at ?? Infinity, ...putBack);
      if (next === Infinity) return;
      until(next);
      const arrived = waiting.filter(({ at }) => at <= clock.now());
      waiting.splice(0, arrived.length);
      await deliver([...taskQueue.receive(), ...arrived.map(({ message }) => message)]);
    }
  };

  return {
    clock,
    taskTable,
    metrics,
    run,
    reads: () => reads,
    head: () => taskTable.head(TASK_ID),
    /** A walk that reads the task once more, some time after everything has settled. */
    walk: async (shape: Shape): Promise<void> => {
      until(Math.max(clock.now(), world.latest().since) + 10 * 60_000);
      const at = clock.now();
      const text = JSON.stringify(world.document(world.latest(), shape));
      await run([page(text, shape, at, at + 50, 50)]);
    },
  };
}
