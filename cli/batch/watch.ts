import { hasEnded } from '../../shared/coverage/batch-book.ts';
import { countDifference, countedStatuses } from '../../shared/coverage/count-difference.ts';
import type { Clock, Sleep } from '../../shared/platform/clock.ts';
import type { Batch, BatchRef, TaskCounts } from '../../shared/scale/batches.ts';
import { ScaleUnavailableError } from '../../shared/scale/errors.ts';
import { countsOf } from '../../shared/scale/read-batch.ts';
import type { ScaleApi } from '../../shared/scale/scale-api.ts';
import { indexKey } from '../../shared/tasks/head-item.ts';
import type { TaskIndex } from '../../shared/tasks/task-index.ts';
import { tasksOfBatch } from '../batch-tasks.ts';
import { findBatch } from './find-batch.ts';

export interface WatchDependencies {
  readonly api: Pick<
    ScaleApi,
    'getBatch' | 'countBatchTasks' | 'listTasks' | 'listV1Tasks' | 'now'
  >;
  readonly taskIndex: Pick<TaskIndex, 'countByStatus'>;
  readonly clock: Clock;
  readonly sleep: Sleep;
  readonly tell: (line: string) => void;
  /** Shown each look at the batch. */
  readonly onLook: (look: Look) => void;
}

export interface WatchSettings {
  readonly everyMs: number;
  /** How long tasks of a batch that has ended may be on their way. */
  readonly graceMs: number;
  /** How long to watch; `undefined` until the batch ends. */
  readonly mostMs: number | undefined;
  readonly interrupted: AbortSignal;
}

/** A batch as Scale has it and as the mirror does, at one time. */
export interface Look {
  readonly at: number;
  readonly batch: Batch;
  /** `undefined` where Scale's v1 does not count this batch. */
  readonly atScale: TaskCounts | undefined;
  readonly here: ReadonlyMap<string, number>;
}

/**
 * - `complete`: it has ended, and the tasks are here as Scale counts them
 * - `apart`: it has ended, and they are not
 * - `not ended`: time was over, or somebody interrupted it
 */
export interface Watched {
  readonly outcome: 'complete' | 'apart' | 'not ended';
  /** The last; `undefined` where Scale never answered. */
  readonly look: Look | undefined;
  /** Of one that has ended: by status, how many more Scale has. */
  readonly difference: Readonly<Record<string, number>>;
}

/** Looks again and again until the batch has ended and its tasks are here, or have had time to come. */
export async function watchBatch(
  dependencies: WatchDependencies,
  ref: BatchRef,
  settings: WatchSettings,
): Promise<Watched> {
  const { clock, sleep, onLook } = dependencies;
  const { everyMs, graceMs, mostMs = Number.POSITIVE_INFINITY, interrupted } = settings;
  const until = clock.now() + mostMs;
  let last: Look | undefined;
  let endedAt: number | undefined;
  let listed: TaskCounts | undefined;
  for (;;) {
    const seen = await look(dependencies, ref);
    if (seen !== undefined) {
      const isOver = endedAt !== undefined && clock.now() - endedAt >= graceMs;
      if (hasEnded(seen.batch) && seen.atScale === undefined && (listed === undefined || isOver)) {
        listed = await countByLists(dependencies, seen.batch);
      }
      last = { ...seen, atScale: seen.atScale ?? listed };
      onLook(last);
      if (hasEnded(seen.batch)) {
        endedAt ??= clock.now();
        const difference = countDifference(last.atScale ?? {}, seen.here);
        const isApart = Object.keys(difference).length > 0;
        if (!isApart) return { outcome: 'complete', look: last, difference };
        if (isOver) return { outcome: 'apart', look: last, difference };
      }
    }
    if (clock.now() >= until) return { outcome: 'not ended', look: last, difference: {} };
    await sleep(Math.min(everyMs, until - clock.now()));
    if (interrupted.aborted) return { outcome: 'not ended', look: last, difference: {} };
  }
}

/** `undefined` where Scale could not be asked just now. */
async function look(
  { api, taskIndex, clock, tell }: WatchDependencies,
  ref: BatchRef,
): Promise<Look | undefined> {
  try {
    const { batch } = await findBatch({ api, clock }, ref);
    const atScale = await countsOf(api, batch.name);
    return { at: clock.now(), batch, atScale, here: await countHere(taskIndex, batch) };
  } catch (error) {
    if (!(error instanceof ScaleUnavailableError)) throw error;
    tell(`${error.message}. Going on to look ...`);
    return undefined;
  }
}

/** A head stands under the name of its batch, or under its id until the name is known. */
async function countHere(
  taskIndex: WatchDependencies['taskIndex'],
  { id, name }: Batch,
): Promise<ReadonlyMap<string, number>> {
  const sum = new Map<string, number>();
  for (const key of [indexKey({ name }), indexKey({ id })]) {
    if (key === undefined) continue;
    for (const [status, count] of await taskIndex.countByStatus('batch', key)) {
      sum.set(status, (sum.get(status) ?? 0) + count);
    }
  }
  return sum;
}

/** What v1 does not count has to be read: once when the batch has ended, and once before it is called apart. */
async function countByLists(dependencies: WatchDependencies, batch: Batch): Promise<TaskCounts> {
  dependencies.tell('Scale does not count the tasks of this batch, so they are listed ...');
  const counts: Record<string, number> = {};
  for (const status of countedStatuses) {
    for await (const page of tasksOfBatch(dependencies, batch, { shape: 'v2', status })) {
      counts[status] = (counts[status] ?? 0) + page.length;
    }
  }
  return counts;
}
