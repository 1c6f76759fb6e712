import { setTimeout } from 'node:timers/promises';

import PQueue from 'p-queue';

import type { Clock } from '../../shared/platform/clock.ts';
import { type Delivery, readDelivery } from '../../shared/scale/delivery.ts';
import { ScaleRefusedError, ScaleUnavailableError } from '../../shared/scale/errors.ts';
import type { TasksApi } from '../../shared/scale/tasks.ts';
import type { TaskTable } from '../../shared/tasks/task-table.ts';
import type { Picked } from './pick-tasks.ts';
import { type SendEnd, sendOne, type SendOneDependencies } from './send-one.ts';

export interface SendAllDependencies extends SendOneDependencies {
  readonly api: SendOneDependencies['api'] & Pick<TasksApi, 'getTask'>;
  /** Absent where the command was told of no mirror. */
  readonly taskTable: Pick<TaskTable, 'getHeads'> | undefined;
  readonly clock: Clock;
}

export interface SendSettings {
  readonly perSecond: number;
  /** Whether somebody will look what has arrived, so that what was before has to be known. */
  readonly isFollowed: boolean;
}

/** How a task stood before its callback was asked for, as far as anybody needs to know. */
interface Before {
  /** The version of its head here; absent where there was none, or no mirror. */
  readonly version?: number | undefined;
  readonly delivery?: Delivery | undefined;
}

export interface Sent extends Before {
  readonly taskId: string;
  /** `not tried`: the command stopped before. */
  readonly outcome: SendEnd['outcome'] | 'not tried';
  readonly reason?: string | undefined;
}

export interface SentAll {
  /** One for each task, in their order. */
  readonly tasks: readonly Sent[];
  /** What ended it before all were tried. */
  readonly stoppedBy: unknown;
}

const AT_ONCE = 2;

/** So many in a row that failed show that Scale is down. */
const MOST_FAILED_IN_A_ROW = 3;

/** How long an interrupted command waits for what is on its way; after five seconds it is ended. */
const LAST_ANSWERS_MS = 3_000;

const TELL_EVERY_MS = 5_000;

/** Asks for one callback after the other, evenly, no faster than `perSecond`. */
export async function sendAll(
  dependencies: SendAllDependencies,
  picked: readonly Picked[],
  { perSecond, isFollowed }: SendSettings,
): Promise<SentAll> {
  const { interrupted, clock, tell } = dependencies;
  const queue = new PQueue({ concurrency: AT_ONCE, intervalCap: 1, interval: 1_000 / perSecond });
  const tasks: Sent[] = picked.map(({ taskId }) => ({ taskId, outcome: 'not tried' }));
  let stoppedBy: unknown;
  let failedInARow = 0;
  let done = 0;
  let toldAt = clock.now();
  const sendAt = async (at: number, one: Picked): Promise<void> => {
    const { taskId } = one;
    if (interrupted.aborted || stoppedBy !== undefined) return;
    try {
      const before = isFollowed ? await lookBefore(dependencies, one) : {};
      tasks[at] = { taskId, ...before, outcome: 'in doubt', reason: 'interrupted' };
      const end = await sendOne(dependencies, taskId);
      tasks[at] = { taskId, ...before, ...end };
      failedInARow = end.outcome === 'sent' || end.outcome === 'refused' ? 0 : failedInARow + 1;
      if (failedInARow === MOST_FAILED_IN_A_ROW) stoppedBy = new Error(end.reason);
    } catch (error) {
      tasks[at] = { taskId, outcome: 'not tried' };
      stoppedBy ??= error;
    }
    done += 1;
    if (clock.now() - toldAt < TELL_EVERY_MS) return;
    toldAt = clock.now();
    tell(`${String(done)} of ${String(picked.length)} done ...`);
  };
  const aborted = abortOf(interrupted);
  for (const [at, one] of picked.entries()) {
    await Promise.race([queue.onSizeLessThan(1), aborted]);
    if (interrupted.aborted || stoppedBy !== undefined) break;
    void queue.add(() => sendAt(at, one));
  }
  const idle = queue.onIdle();
  await Promise.race([idle, aborted]);
  await Promise.race([idle, setTimeout(LAST_ANSWERS_MS, undefined, { ref: false })]);
  return { tasks: [...tasks], stoppedBy };
}

function abortOf(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      resolve();
    };
    if (signal.aborted) end();
    else signal.addEventListener('abort', end, { once: true });
  });
}

async function lookBefore(
  { api, taskTable }: Pick<SendAllDependencies, 'api' | 'taskTable'>,
  { taskId, delivery }: Picked,
): Promise<Before> {
  const head = (await taskTable?.getHeads([taskId]))?.get(taskId);
  const isTold = taskTable !== undefined && head === undefined;
  // That a head appears tells enough: Scale need not be asked.
  return {
    version: head?.version,
    delivery: delivery ?? (isTold ? undefined : await deliveryOf(api, taskId)),
  };
}

/** What Scale says of a task's callback; `undefined` where its v1 does not know the task, or not now. */
export async function deliveryOf(
  api: Pick<TasksApi, 'getTask'>,
  taskId: string,
): Promise<Delivery | undefined> {
  try {
    const answer = await api.getTask(taskId, 'v1');
    return answer && readDelivery(answer.text)?.delivery;
  } catch (error) {
    if (error instanceof ScaleUnavailableError) return undefined;
    if (error instanceof ScaleRefusedError && !error.isUnauthorized) return undefined;
    throw error;
  }
}
