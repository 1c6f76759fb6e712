import type { TurnableClock } from './clock.ts';
import type { Batch, BatchStatus, Task } from './model.ts';
import { badRequest } from './scale-error.ts';
import type { World } from './world.ts';

/**
 * The life of a batch (docs.genai.scale.com/v2/batch-finalize and its neighbours). What a status does not
 * allow is a 400. Pause, resume and cancel are asynchronous: the batch they answer is still as it was.
 */
export interface BatchActions {
  /** Only from staging. */
  readonly finalize: (batch: Batch) => Batch;
  /** From in_progress, and not while it is empty. */
  readonly pause: (batch: Batch) => Batch;
  /** From paused. */
  readonly resume: (batch: Batch) => Batch;
  /** Not once it is completed or cancelled; its pending tasks are canceled, without callbacks. */
  readonly cancel: (batch: Batch) => Batch;
  /** Puts a batch where a test wants it; no rules. */
  readonly moveTo: (batch: Batch, status: BatchStatus) => Batch;
  /** Completes a batch in progress of which no task is open. */
  readonly completeIfDone: (batchId: string) => void;
}

/** How long an asynchronous change takes; Scale's own tests wait as long. */
const CHANGE_MS = 2_000;

export interface BatchActionDependencies {
  readonly world: World;
  readonly clock: TurnableClock;
  readonly onCompleted: (batch: Batch) => void;
}

export function createBatchActions(dependencies: BatchActionDependencies): BatchActions {
  const { world, clock, onCompleted } = dependencies;
  const put = (batch: Batch): Batch => {
    world.putBatch(batch);
    return batch;
  };
  const tasksOf = ({ id }: Batch): readonly Task[] =>
    world.index.sorted({ batchId: id }, 'created');
  const completeIfDone = (batchId: string): void => {
    const batch = world.batches.get(batchId);
    if (batch?.status !== 'in_progress' || !world.isDone(batchId)) return;
    onCompleted(put({ ...batch, status: 'completed', completedAt: world.now() }));
  };
  const later = (batchId: string, from: readonly BatchStatus[], to: BatchStatus): void => {
    clock.after(CHANGE_MS, () => {
      const batch = world.batches.get(batchId);
      if (batch === undefined || !from.includes(batch.status)) return;
      put({ ...batch, status: to });
      if (to === 'cancelled') cancelTasks(world, tasksOf(batch));
      completeIfDone(batchId);
    });
  };
  const allow = (batch: Batch, from: readonly BatchStatus[], what: string): void => {
    if (from.includes(batch.status)) return;
    throw badRequest(
      `only batches that are ${from.join(' or ')} can be ${what}: this one is ${batch.status}`,
    );
  };

  return {
    finalize: (batch) => {
      allow(batch, ['staging'], 'finalized');
      const finalized = put({ ...batch, status: 'in_progress' });
      clock.after(CHANGE_MS, () => {
        completeIfDone(batch.id);
      });
      return finalized;
    },
    pause: (batch) => {
      allow(batch, ['in_progress'], 'paused');
      if (tasksOf(batch).length === 0) throw badRequest('empty batches cannot be paused');
      later(batch.id, ['in_progress'], 'paused');
      return batch;
    },
    resume: (batch) => {
      allow(batch, ['paused'], 'resumed');
      later(batch.id, ['paused'], 'in_progress');
      return batch;
    },
    cancel: (batch) => {
      const open: readonly BatchStatus[] = ['staging', 'in_progress', 'paused'];
      allow(batch, open, 'cancelled');
      later(batch.id, open, 'cancelled');
      return batch;
    },
    moveTo: (batch, status) => {
      const { completedAt, ...rest } = batch;
      const isCompleted = status === 'completed';
      const at = completedAt ?? world.now();
      return put({ ...rest, status, ...(isCompleted && { completedAt: at }) });
    },
    completeIfDone,
  };
}

function cancelTasks(world: World, tasks: readonly Task[]): void {
  for (const task of tasks) {
    if (task.state.status === 'pending') world.changeTask(task, { status: 'canceled' });
  }
}
