import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';

import { createIngest } from '../../functions/ingest/ingest.ts';
import { sweepInbox } from '../../functions/backfill/sweep-inbox.ts';
import type { WorkerDependencies } from '../../functions/worker/dependencies.ts';
import type { World } from '../../shared/scale/world.ts';
import { createWorker } from '../../functions/worker/worker.ts';
import {
  NO_PROGRESS,
  serializeMessage,
  type WireMessage,
} from '../../shared/queue/task-message.ts';
import type { BatchBook } from '../../shared/coverage/batch-book.ts';
import type { Directory } from '../../shared/coverage/directory.ts';
import type { FieldLifter } from '../../shared/fields/field-lifter.ts';
import type { Head, Shape } from '../../shared/tasks/head.ts';
import type { TaskDocument, TaskTable } from '../../shared/tasks/task-table.ts';
import { aCallbackEvent, anSqsRecord, CALLBACK_KEY } from './builders.ts';
import { type FakeClock, fakeClock } from './fake-clock.ts';
import { type FakeScale, fakeScale } from './fake-scale.ts';
import { type FakeLog, fakeLog, type FakeMetrics, fakeMetrics } from './fake-telemetry.ts';
import { inMemoryBatchBook } from './in-memory-batch-book.ts';
import { inMemoryDirectory } from '../../prove/ports/in-memory-directory.ts';
import { type InMemoryBodies, inMemoryBodies } from './in-memory-bodies.ts';
import { type InMemoryTaskQueue, inMemoryTaskQueue } from './in-memory-task-queue.ts';
import {
  type InMemoryTaskTable,
  inMemoryTaskTable,
} from '../../prove/ports/in-memory-task-table.ts';

export const MINUTE_MS = 60_000;
export const SETTLE_MS = 10_000;

/** Ingest, queue, worker and stores on one clock; nothing moves but by the test. */
export interface Mirror {
  readonly clock: FakeClock;
  readonly metrics: FakeMetrics;
  readonly log: FakeLog;
  readonly bodies: InMemoryBodies;
  readonly taskQueue: InMemoryTaskQueue;
  /** What the worker itself has put among the dead letters. */
  readonly deadLetters: InMemoryTaskQueue;
  readonly taskTable: InMemoryTaskTable;
  readonly directory: Directory;
  readonly batchBook: BatchBook;
  readonly scale: FakeScale;
  readonly dependencies: WorkerDependencies;
  /** Posts a callback as Scale does; bytes travel as base64. `requestId` as API Gateway gives it. */
  post(body: string | Uint8Array, requestId?: string): Promise<APIGatewayProxyStructuredResultV2>;
  /** Hands messages to the worker as one batch, now. Answers those that failed. */
  deliver(...messages: WireMessage[]): Promise<WireMessage[]>;
  /** Turns the clock from message to message until the queue is empty. Answers those that failed. */
  drain(): Promise<WireMessage[]>;
  /** Posts a callback and drains. */
  see(body: string): Promise<WireMessage[]>;
  sweep(): Promise<void>;
  head(taskId?: string): Head;
  /** The document that counts. */
  current(taskId?: string): Promise<TaskDocument>;
  /** What stands in `unrecognised/`. */
  unrecognised(): Promise<Buffer[]>;
  inbox(): string[];
}

export interface MirrorOptions {
  /** `null` for a mirror without an API key. */
  readonly world?: World | null;
  /** How long superseded documents are kept. */
  readonly historyMs?: number;
  readonly fieldLifter?: FieldLifter | undefined;
  /** That of another mirror, as after a deployment. */
  readonly taskTable?: InMemoryTaskTable;
  /** Lets a test stand between worker and table. */
  readonly wrapTable?: (table: InMemoryTaskTable) => TaskTable;
  /** In memory by default. */
  readonly directory?: Directory;
}

/** Of each message, as in the template. */
const MOST_TRIES = 5;

/** More batches than any story needs: a message that is put back for ever is a failure. */
const MOST_BATCHES = 200;

export function aMirror({
  world = 'live',
  wrapTable,
  historyMs,
  fieldLifter,
  taskTable = inMemoryTaskTable(),
  directory = inMemoryDirectory(),
}: MirrorOptions = {}): Mirror {
  const clock = fakeClock();
  const metrics = fakeMetrics();
  const log = fakeLog();
  const bodies = inMemoryBodies(clock);
  const taskQueue = inMemoryTaskQueue(clock);
  const deadLetters = inMemoryTaskQueue(clock);
  const scale = fakeScale(clock);
  const batchBook = inMemoryBatchBook();
  const dependencies: WorkerDependencies = {
    taskTable: wrapTable?.(taskTable) ?? taskTable,
    taskQueue,
    deadLetters: { queue: deadLetters, afterTries: MOST_TRIES },
    bodies,
    directory,
    batchBook,
    scale: async () => (world === null ? undefined : { api: scale, world }),
    historyMs,
    fieldLifter,
    order: { settleMs: SETTLE_MS, skewMs: 5_000 },
    clock,
    metrics,
    log,
  };
  const work = createWorker(dependencies);
  const ingest = createIngest({
    ...dependencies,
    readCallbackKeys: async () => CALLBACK_KEY,
    callbackKeysSecretId: 'callback-keys',
  });

  const mirror: Mirror = {
    ...{
      clock,
      metrics,
      log,
      bodies,
      taskQueue,
      deadLetters,
      taskTable,
      directory,
      batchBook,
      scale,
    },
    dependencies,
    post: (body, requestId) =>
      ingest(
        typeof body === 'string'
          ? aCallbackEvent(body, { requestId })
          : aCallbackEvent(Buffer.from(body).toString('base64'), {
              isBase64Encoded: true,
              requestId,
            }),
      ),
    deliver: async (...messages) => {
      const batch = messages.map((message) => ({ message, record: anSqsRecord(message) }));
      const { batchItemFailures } = await work(batch.map(({ record }) => record));
      const failed = new Set(batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
      return batch.filter(({ record }) => failed.has(record.messageId)).map((one) => one.message);
    },
    drain: async () => {
      const failed: WireMessage[] = [];
      for (let batch = 0; batch < MOST_BATCHES; batch += 1) {
        if (taskQueue.messages.length === 0) return failed;
        const nextAt = Math.min(...taskQueue.messages.map(({ visibleAt }) => visibleAt));
        clock.advance(Math.max(0, nextAt - clock.now()));
        failed.push(...(await mirror.deliver(...taskQueue.receive())));
      }
      throw new Error('the queue does not run empty');
    },
    see: async (body) => {
      await mirror.post(body);
      return mirror.drain();
    },
    sweep: () => sweepInbox(dependencies),
    head: (taskId = 'task-1') => required(taskTable.head(taskId), `a head of ${taskId}`),
    current: async (taskId = 'task-1') =>
      required(
        await taskTable.getDocument(taskId, mirror.head(taskId).current),
        `the document that the head of ${taskId} points at`,
      ),
    unrecognised: async () => {
      const keys = bodies.keys().filter((key) => key.startsWith('unrecognised/'));
      const kept = await Promise.all(keys.map((key) => bodies.get(key)));
      return kept.map((body) => Buffer.from(required(body, 'a listed body').bytes));
    },
    inbox: () => bodies.keys().filter((key) => key.startsWith('inbox/')),
  };
  return mirror;
}

/** The message that ingest sends for a callback. */
export function aCallbackMessage(text: string, receivedAt: number): WireMessage {
  const body = { kind: 'text', text } as const;
  return serializeMessage({
    origin: { source: 'callback', receivedAt },
    progress: NO_PROGRESS,
    body,
  });
}

export interface BackfillMessageParts {
  readonly api?: Shape;
  readonly requestedAt: number;
  readonly respondedAt?: number;
}

/** The message that backfill sends for a task of a page. */
export function aBackfillMessage(
  task: string | object,
  { api = 'v2', requestedAt, respondedAt = requestedAt }: BackfillMessageParts,
): WireMessage {
  return serializeMessage({
    origin: { source: 'backfill', api, requestedAt, respondedAt },
    progress: NO_PROGRESS,
    body: { kind: 'text', text: typeof task === 'string' ? task : JSON.stringify(task) },
  });
}

function required<Value>(value: Value | undefined, what: string): Value {
  if (value === undefined) throw new Error(`there is not ${what}`);
  return value;
}
