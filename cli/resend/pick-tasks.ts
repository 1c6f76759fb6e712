import * as v from 'valibot';

import type { Batch } from '../../shared/scale/batches.ts';
import { type Delivery, readDelivery } from '../../shared/scale/delivery.ts';
import type { TaskTable } from '../../shared/tasks/task-table.ts';
import { type BatchTasksDependencies, tasksOfBatch } from '../batch-tasks.ts';

/** A task whose callback is to be sent again. */
export interface Picked {
  readonly taskId: string;
  /** What Scale said of its callback, where it was asked. */
  readonly delivery?: Delivery | undefined;
}

/** Only these have a callback that can be sent again (Callbacks page). */
const STATUSES = ['completed', 'error'] as const;

const identified = v.object({ task_id: v.string() });

/** The completed and errored tasks of a batch that Scale lists by v2, and that have no head here. */
export async function pickMissing(
  dependencies: BatchTasksDependencies & { readonly taskTable: Pick<TaskTable, 'getHeads'> },
  batch: Batch,
): Promise<Picked[]> {
  const missing = new Set<string>();
  for (const status of STATUSES) {
    for await (const page of tasksOfBatch(dependencies, batch, { shape: 'v2', status })) {
      const ids = page.map((text) => v.parse(identified, JSON.parse(text)).task_id);
      const heads = await dependencies.taskTable.getHeads(ids);
      for (const id of ids) if (!heads.has(id)) missing.add(id);
    }
  }
  return [...missing].map((taskId) => ({ taskId }));
}

/** Those of which v1, the only API that says it, does not say that the callback was delivered. */
export async function pickUndelivered(
  dependencies: BatchTasksDependencies,
  batch: Batch,
): Promise<Picked[]> {
  const undelivered = new Map<string, Picked>();
  for (const status of STATUSES) {
    for await (const page of tasksOfBatch(dependencies, batch, { shape: 'v1', status })) {
      for (const seen of page.map(readDelivery)) {
        if (seen === undefined || seen.delivery === 'delivered') continue;
        undelivered.set(seen.taskId, { taskId: seen.taskId, delivery: seen.delivery });
      }
    }
  }
  return [...undelivered.values()];
}
