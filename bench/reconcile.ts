import { createReconcile } from '../functions/reconcile/reconcile.ts';
import type { ReconcileReport } from '../shared/coverage/reports.ts';
import type { StoredBody } from '../shared/documents/bodies.ts';
import { systemClock } from '../shared/platform/clock.ts';
import { inMemoryDirectory } from '../prove/ports/in-memory-directory.ts';
import { createBigAccount } from './big-account.ts';
import type { BenchResult } from './result.ts';

const TASKS = 1_000_000;
const TASK_BYTES = 2_000;
const PROJECT = 'Bench';
const ONE_IN = 10_000;

/** Pages of one invocation, so that it takes several of them. */
const PAGES_OF_AN_INVOCATION = 4_000;

/** Remaining time that is enough for another page. */
const LONG_MS = 900_000;

/**
 * Reconcile of a million tasks, over several invocations, against an account that is made up as it is asked: what
 * it takes of time and memory itself. Scale and AWS take theirs on top.
 */
export async function benchReconcile(): Promise<BenchResult> {
  const account = createBigAccount({
    tasks: TASKS,
    taskBytes: TASK_BYTES,
    project: PROJECT,
    oneIn: ONE_IN,
  });
  const reports = new Map<string, ReconcileReport>();
  const objects = new Map<string, StoredBody>();
  let queued = 0;
  let checkpointBytes = 0;
  let pages = 0;
  let pagesLeft = 0;
  const nothing = () => undefined;
  const done = () => Promise.resolve();
  const reconcile = createReconcile({
    sources: [{ project: PROJECT }],
    readApiKey: () => Promise.resolve('bench_key'),
    apiKeySecretId: 'none',
    createApi: () => ({
      ...account.api,
      listTasks: (...request) => {
        pages += 1;
        pagesLeft -= 1;
        return account.api.listTasks(...request);
      },
    }),
    taskTable: account.taskTable,
    taskIndex: account.taskIndex,
    taskQueue: {
      sendAll: (messages) => {
        queued += messages.length;
        return done();
      },
    },
    mirrorState: {
      holdLease: () => Promise.resolve(true),
      releaseLease: done,
      getV1: () => Promise.resolve(undefined),
      getCoverage: () => Promise.resolve(undefined),
      putCoverage: done,
      listSlices: () => Promise.resolve([]),
      putSlice: done,
      removeSlice: done,
    },
    countsBook: { get: () => Promise.resolve(undefined), put: done },
    reports: {
      list: () => Promise.resolve([...reports.values()]),
      put: (report) => {
        reports.set(report.source, report);
        return done();
      },
    },
    directory: inMemoryDirectory(),
    bodies: {
      put: (key, body) => {
        if (key.startsWith('reconcile/')) checkpointBytes = body.bytes.length;
        objects.set(key, body);
        return done();
      },
      get: (key) => Promise.resolve(objects.get(key)),
      getMetadata: (key) => Promise.resolve(objects.get(key)?.metadata),
      remove: (key) => {
        objects.delete(key);
        return done();
      },
      list: (prefix) =>
        Promise.resolve(
          [...objects]
            .filter(([key]) => key.startsWith(prefix))
            .map(([key, { bytes }]) => ({ key, writtenAt: 0, bytes: bytes.length })),
        ),
    },
    everyMs: LONG_MS,
    order: { settleMs: 10_000, skewMs: 5_000 },
    walkers: 4,
    listApi: 'v2',
    opts: [],
    clock: systemClock,
    metrics: { count: nothing, countBy: nothing, seconds: nothing },
    log: { info: nothing, warn: nothing, error: nothing },
  });

  const startedAt = performance.now();
  const allSince = Date.now();
  let invocations = 0;
  for (;;) {
    invocations += 1;
    pagesLeft = PAGES_OF_AN_INVOCATION;
    const { outcome } = await reconcile(() => (pagesLeft > 0 ? LONG_MS : 0), { allSince });
    if (outcome === 'finished') break;
  }
  const seconds = (performance.now() - startedAt) / 1_000;
  const report = [...reports.values()][0];
  if (report?.atScale !== TASKS) throw new Error('not all tasks were compared');
  return {
    name: 'reconcile',
    ratios: {},
    figures: {
      tasks: report.atScale,
      missing: report.missing,
      differing: report.differing,
      gone: report.gone ?? -1,
      queued,
      pages,
      invocations,
      seconds: Math.round(seconds),
      secondsWithoutTheAccount: Math.round(seconds - account.madeInMs() / 1_000),
      checkpointMb: Math.round(checkpointBytes / 1e5) / 10,
      peakRssMb: Math.round(process.resourceUsage().maxRSS / 1_024),
    },
  };
}
