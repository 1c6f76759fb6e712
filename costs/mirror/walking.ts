import { type BackfillResult, createBackfill } from '../../functions/backfill/backfill.ts';
import { createReconcile, type ReconcileResult } from '../../functions/reconcile/reconcile.ts';
import { createBatchBook } from '../../shared/coverage/dynamo-batch-book.ts';
import { createCountsBook } from '../../shared/coverage/dynamo-counts-book.ts';
import { createDirectory } from '../../shared/coverage/dynamo-directory.ts';
import { createMirrorState } from '../../shared/coverage/dynamo-mirror-state.ts';
import { createReports } from '../../shared/coverage/dynamo-reports.ts';
import { createTelemetry } from '../../shared/platform/telemetry.ts';
import { createTaskQueue } from '../../shared/queue/task-queue.ts';
import { createTaskIndex } from '../../shared/tasks/dynamo-task-index.ts';
import { createTaskTable } from '../../shared/tasks/dynamo-task-table.ts';
import { createScaleApi } from '../../shared/scale/scale-api.ts';
import { gbMs } from '../declared.ts';
import { meteringLines } from '../meter/log-bytes.ts';
import { API_KEY, type Parts } from './parts.ts';

export interface Walking {
  /** One run of the schedule, over what the simulator holds; its tasks are on the queue then. */
  backfill(): Promise<BackfillResult>;
  /** One run of the schedule: compares what is due. */
  reconcile(): Promise<ReconcileResult>;
}

export const PROJECT = 'Street scenes';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const WALKERS = 1;

/** Backfill and reconcile with their defaults, against the simulator. */
export function createWalking(parts: Parts): Walking {
  const { clients, bodies, clock, tasksTable, mirrorStateTable, scaleUrl } = parts;
  const { sqs, dynamodb: client } = clients;
  const state = { client, tableName: mirrorStateTable };
  const tasks = { client, tableName: tasksTable };
  const shared = {
    sources: [{ project: PROJECT }],
    readApiKey: () => {
      parts.meter.add('secretReads', 'API key', 1);
      return Promise.resolve(API_KEY);
    },
    apiKeySecretId: 'api-key',
    createApi: (key: string) =>
      createScaleApi({
        ...{ baseUrl: scaleUrl, apiKey: () => Promise.resolve(key), fetch },
        ...{ clock, sleep: () => Promise.resolve(), timeoutMs: 10_000 },
        ...{ retries: 0, firstRetryMs: 0, mayRetry: () => false },
        limit: (request) => request(),
      }),
    taskQueue: createTaskQueue({ client: sqs, queueUrl: parts.taskQueueUrl }),
    mirrorState: createMirrorState(state),
    directory: createDirectory(state),
    taskIndex: createTaskIndex(tasks),
    bodies,
    walkers: WALKERS,
    listApi: 'v2' as const,
    opts: [],
    clock,
  };
  const telemetry = {
    backfill: createTelemetry('backfill'),
    reconcile: createTelemetry('reconcile'),
  };
  const backfill = createBackfill({
    ...shared,
    ...telemetry.backfill,
    batchBook: createBatchBook(state),
    otherStatusesEveryMs: DAY_MS,
    lookBackMs: HOUR_MS,
  });
  const reconcile = createReconcile({
    ...shared,
    ...telemetry.reconcile,
    taskTable: createTaskTable({ ...tasks, bodies, sleep: () => Promise.resolve() }),
    reports: createReports(state),
    countsBook: createCountsBook(state),
    everyMs: DAY_MS,
    order: { settleMs: 10_000, skewMs: 5_000 },
  });
  return {
    backfill: async () => {
      const run = telemetry.backfill.published(() => backfill(() => HOUR_MS, { isFull: false }));
      const result = await meteringLines(parts.meter, 'backfill', () => run({}));
      count(parts, 'backfill', result.tasks);
      return result;
    },
    reconcile: async () => {
      const run = telemetry.reconcile.published(() => reconcile(() => HOUR_MS, {}));
      const result = await meteringLines(parts.meter, 'reconcile', () => run({}));
      const compared = result.reports.reduce((sum, { atScale }) => sum + atScale, 0);
      count(parts, 'reconcile', compared);
      return result;
    },
  };
}

function count({ meter }: Parts, name: 'backfill' | 'reconcile', messages: number): void {
  meter.add('lambdaRequests', name, 1);
  meter.add('lambdaGbMs', name, gbMs(name, { bytes: 0, messages }));
  // Schedules call functions, EventBridge Scheduler bills each.
  meter.add('scheduled', name, 1);
}
