import type { BatchBook } from '../../shared/coverage/batch-book.ts';
import type { Directory } from '../../shared/coverage/directory.ts';
import type { FieldLifter } from '../../shared/fields/field-lifter.ts';
import type { Bodies } from '../../shared/documents/bodies.ts';
import type { OrderSettings } from '../../shared/observations/observation.ts';
import type { Clock } from '../../shared/platform/clock.ts';
import type { Log } from '../../shared/platform/log.ts';
import type { Metrics } from '../../shared/platform/metrics.ts';
import type { TaskQueue } from '../../shared/queue/task-queue.ts';
import type { ScaleApi } from '../../shared/scale/scale-api.ts';
import type { World } from '../../shared/scale/world.ts';
import type { TaskTable } from '../../shared/tasks/task-table.ts';

/** A way to ask Scale. */
export interface Scale {
  readonly api: ScaleApi;
  readonly world: World;
}

export interface WorkerDependencies {
  readonly taskTable: TaskTable;
  readonly taskQueue: TaskQueue;
  /** Where a message goes once it has been received so often, and failed each time. */
  readonly deadLetters: { readonly queue: Pick<TaskQueue, 'send'>; readonly afterTries: number };
  readonly bodies: Bodies;
  /** Looked up for every observation, so an implementation keeps what it has read for a while. */
  readonly directory: Pick<Directory, 'getByName' | 'note'>;
  readonly batchBook: Pick<BatchBook, 'put'>;
  /** `undefined` without an API key: callback-only mode. */
  readonly scale: () => Promise<Scale | undefined>;
  readonly order: OrderSettings;
  /** Absent where the configuration names no fields: then no document is parsed for them. */
  readonly fieldLifter?: FieldLifter | undefined;
  /** How long a document is kept once a newer one counts, in milliseconds; for good without it. */
  readonly historyMs: number | undefined;
  readonly clock: Clock;
  readonly metrics: Metrics;
  readonly log: Log;
}
