import {
  createReconcile,
  type ReconcileDependencies,
} from '../../../functions/reconcile/reconcile.ts';
import type { ReconcileRequest } from '../../../functions/reconcile/request.ts';
import type { ReconcileReport } from '../../../shared/coverage/reports.ts';
import { decompress } from '../../../shared/documents/compression.ts';
import { aV2Task } from '../../support/builders.ts';
import { inMemoryCountsBook } from '../../support/in-memory-counts-book.ts';
import { inMemoryMirrorState } from '../../support/in-memory-mirror-state.ts';
import { inMemoryReports } from '../../support/in-memory-reports.ts';
import { aBackfillMessage, aMirror, MINUTE_MS, SETTLE_MS } from '../../support/worker-driver.ts';

export const PROJECT = 'project:Street scenes';
export const QUARTER_HOUR_MS = 15 * MINUTE_MS;
export const DAY_MS = 24 * 60 * MINUTE_MS;

type Task = Record<string, unknown>;

/** Small, so that a few tasks make several pages. */
const PAGE = 2;

/** A task that is not completed. */
export function unfinished(task_id: string, members: object = {}): Task {
  return aV2Task({ task_id, status: 'pending', completed_at: undefined, ...members });
}

export function completed(task_id: string, members: object = {}): Task {
  return aV2Task({ task_id, ...members });
}

/** Reconcile of one project, with a mirror and a Scale beside it; nothing moves but by the test. */
export function aReconcile(parts: Partial<ReconcileDependencies> = {}) {
  const mirror = aMirror();
  const { clock, scale, taskTable } = mirror;
  const mirrorState = inMemoryMirrorState();
  const reports = inMemoryReports();
  const countsBook = inMemoryCountsBook();
  const dependencies: ReconcileDependencies = {
    sources: [{ project: 'Street scenes' }],
    readApiKey: async () => 'live_key',
    apiKeySecretId: 'the-api-key-secret',
    createApi: () => scale,
    taskTable,
    taskIndex: taskTable,
    taskQueue: mirror.taskQueue,
    mirrorState,
    reports,
    countsBook,
    directory: mirror.directory,
    bodies: mirror.bodies,
    everyMs: DAY_MS,
    order: { settleMs: SETTLE_MS, skewMs: 5_000 },
    walkers: 1,
    listApi: 'v2',
    opts: [],
    clock,
    metrics: mirror.metrics,
    log: mirror.log,
    ...parts,
  };
  const reconcile = createReconcile(dependencies);
  const call = (
    request: ReconcileRequest = { allSince: clock.now() },
    remainingMs: () => number = () => QUARTER_HOUR_MS,
  ) => reconcile(remainingMs, request);
  return {
    mirror,
    clock,
    scale,
    mirrorState,
    reports,
    call,
    /** What Scale lists from now on, and answers for each task alone. */
    atScale: (...tasks: Task[]) => {
      scale.pages.clear();
      scale.single.clear();
      const byStatus = Map.groupBy(tasks, ({ status }) => String(status));
      for (const [status, some] of byStatus) scale.pages.set(status, pagesOf(some));
      for (const task of tasks) scale.set('v2', task);
    },
    /** What backfill has brought, some time before. */
    here: async (...tasks: Task[]) => {
      const requestedAt = clock.now();
      await mirror.deliver(...tasks.map((task) => aBackfillMessage(task, { requestedAt })));
      clock.advance(60 * MINUTE_MS);
    },
    /** One reconcile to its end, and its report. */
    run: async (): Promise<ReconcileReport> => {
      const { outcome, reports: written } = await call();
      const [report] = written;
      if (outcome !== 'finished' || report === undefined) throw new Error(`it is ${outcome}`);
      return report;
    },
    /** The ids that a report points at. */
    idsOf: async ({ idsKey = '' }: ReconcileReport): Promise<Record<string, string[]>> => {
      const body = await mirror.bodies.get(idsKey);
      if (body === undefined) throw new Error('there are no ids');
      return (JSON.parse(await decompress(body.bytes)) as { ids: Record<string, string[]> }).ids;
    },
    status: (taskId: string) => taskTable.head(taskId)?.facts.status,
  };
}

export type Reconcile = ReturnType<typeof aReconcile>;

function pagesOf(tasks: readonly Task[]): string[][] {
  const pages: string[][] = [];
  for (let at = 0; at < tasks.length; at += PAGE) {
    pages.push(tasks.slice(at, at + PAGE).map((task) => JSON.stringify(task)));
  }
  return pages;
}
