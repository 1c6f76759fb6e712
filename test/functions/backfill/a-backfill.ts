import { type BackfillDependencies, createBackfill } from '../../../functions/backfill/backfill.ts';
import type { Span } from '../../../shared/coverage/span.ts';
import type { ScaleApi } from '../../../shared/scale/scale-api.ts';
import { aV2Task } from '../../support/builders.ts';
import { type FakeClock, fakeClock } from '../../support/fake-clock.ts';
import { fakeScale } from '../../support/fake-scale.ts';
import { fakeLog, fakeMetrics } from '../../support/fake-telemetry.ts';
import { inMemoryBatchBook } from '../../support/in-memory-batch-book.ts';
import { inMemoryDirectory } from '../../../prove/ports/in-memory-directory.ts';
import { inMemoryTaskTable } from '../../../prove/ports/in-memory-task-table.ts';
import { inMemoryBodies } from '../../support/in-memory-bodies.ts';
import { inMemoryMirrorState } from '../../support/in-memory-mirror-state.ts';
import { inMemoryTaskQueue } from '../../support/in-memory-task-queue.ts';

export const PROJECT = 'project:Street scenes';
export const DAY_MS = 24 * 60 * 60_000;
export const QUARTER_HOUR_MS = 15 * 60_000;

/** Backfill of one project with its fakes in reach. */
export function aBackfill(
  parts: Partial<BackfillDependencies> & { readonly clock?: FakeClock } = {},
) {
  const { clock = fakeClock() } = parts;
  const scale = fakeScale(clock);
  const fakes = {
    clock,
    metrics: fakeMetrics(),
    log: fakeLog(),
    bodies: inMemoryBodies(clock),
    taskQueue: inMemoryTaskQueue(clock),
    mirrorState: inMemoryMirrorState(),
    directory: inMemoryDirectory(),
    batchBook: inMemoryBatchBook(),
    taskIndex: inMemoryTaskTable(),
  };
  const backfill = createBackfill({
    sources: [{ project: 'Street scenes' }],
    readApiKey: async () => 'live_key',
    apiKeySecretId: 'the-api-key-secret',
    createApi: () => scale,
    otherStatusesEveryMs: DAY_MS,
    lookBackMs: 60 * 60_000,
    walkers: 1,
    listApi: 'v2',
    opts: [],
    ...fakes,
    ...parts,
  });
  return {
    ...fakes,
    scale,
    /** `remainingMs` says before each page how much time is left. */
    run: (remainingMs: () => number = () => QUARTER_HOUR_MS) =>
      backfill(remainingMs, { isFull: false }),
    /** Completions between two times, as somebody asked for them. */
    runRange: (span: Span, askedAt = 'today', remainingMs = () => QUARTER_HOUR_MS) =>
      backfill(remainingMs, { isFull: false, range: { span, askedAt } }),
    /** Every status, now. */
    runFull: () => backfill(() => QUARTER_HOUR_MS, { isFull: true }),
    /** Whether all of a status is walked. */
    isWalked: (source: string, status: string) =>
      (fakes.mirrorState.coverage(source, status)?.covered.length ?? 0) > 0 &&
      fakes.mirrorState.slices(source).every((slice) => slice.status !== status),
    /** The part of a status that is being walked. */
    slice: (source: string, status: string) =>
      fakes.mirrorState.slices(source).find((slice) => slice.status === status),
    /** What was asked of Scale, page by page. */
    asked: () =>
      scale.requests.map(({ filters: { status, project_name, batch_name }, nextToken }) =>
        [project_name ?? batch_name, status, nextToken ?? 'first page'].join(', '),
      ),
  };
}

export type Backfill = ReturnType<typeof aBackfill>;

/** Pages of tasks with these ids, as Scale's text has them; they do not say where they belong. */
export function pagesOf(...pages: string[][]): string[][] {
  const anywhere = { project: undefined, batch: undefined };
  return pages.map((ids) => ids.map((id) => JSON.stringify(aV2Task({ task_id: id, ...anywhere }))));
}

/** The ids of the tasks on the queue, in order. */
export function queuedIds({ taskQueue }: Pick<Backfill, 'taskQueue'>): string[] {
  return taskQueue.messages.map(({ body }) => (JSON.parse(body) as { task_id: string }).task_id);
}

/** More pages than any test has: a walk that goes in circles is a failure. */
const MOST_REQUESTS = 50;

/** An API of which some call goes wrong as the test says; all else is answered by the fake. */
export function withListTasks(
  { scale }: Pick<Backfill, 'scale'>,
  before: (...request: Parameters<ScaleApi['listTasks']>) => void,
): void {
  const unspoilt = { ...scale };
  let requests = 0;
  scale.listTasks = async (filters, nextToken) => {
    requests += 1;
    if (requests > MOST_REQUESTS) throw new Error('the walk goes in circles');
    before(filters, nextToken);
    return unspoilt.listTasks(filters, nextToken);
  };
}
