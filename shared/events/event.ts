import type { Shape, Source } from '../tasks/head.ts';

/** Where all events of the mirror come from, as rules of EventBridge know it. */
export const EVENT_SOURCE = 'scale-task-mirror';

/** Counts up when a member goes or means something else; members may be added at any time. */
export const SCHEMA_VERSION = 1;

/** What has become of a task. What each means, and which wins where several fit: `taskEventOf`. */
export type TaskEventName =
  | 'TaskCompleted'
  | 'TaskReviewed'
  | 'TaskRecalled'
  | 'TaskErrored'
  | 'TaskCanceled'
  | 'TaskDeleted'
  | 'TaskChanged';

export type EventName = TaskEventName | 'BatchCompleted';

/**
 * What an event says of a task: docs/events.schema.json. `taskId` with `revision` is what consumers drop
 * repeats by. Times are ISO 8601; `project` and `batch` are the keys of the indexes.
 */
interface TaskEventDetail {
  readonly schemaVersion: typeof SCHEMA_VERSION;
  readonly taskId: string;
  readonly revision: number;
  readonly status: string;
  /** Absent where the mirror had not seen the task before. */
  readonly previousStatus?: string | undefined;
  readonly reviewStatus?: string | undefined;
  readonly completedAt?: string | undefined;
  readonly type?: string | undefined;
  readonly project?: string | undefined;
  readonly projectId?: string | undefined;
  readonly batch?: string | undefined;
  readonly batchId?: string | undefined;
  readonly changedAt: string;
  readonly observedBy: Source;
  /** Where to read the task as it was then: the record of that table under `taskId`. */
  readonly document: {
    readonly table: string;
    readonly record: string;
    readonly api?: Shape | undefined;
  };
}

/** What an event says of a batch. */
interface BatchEventDetail {
  readonly schemaVersion: typeof SCHEMA_VERSION;
  readonly batchId: string;
  readonly batch: string;
  readonly status: string;
  readonly completedAt?: string | undefined;
  readonly project?: string | undefined;
  readonly projectId?: string | undefined;
  /** Tasks by status as Scale counts them, where it does. */
  readonly counts?: Readonly<Record<string, number>> | undefined;
  readonly checkedAt: string;
  /** Where to read its tasks: that index of that table under `batch`. */
  readonly tasks: { readonly table: string; readonly index: 'byBatch' };
}

/** An event before it is published. */
export interface MirrorEvent {
  readonly name: EventName;
  /** Epoch milliseconds. */
  readonly time: number;
  /** What has to stay in order: events of the same subject. */
  readonly subject: string;
  readonly detail: TaskEventDetail | BatchEventDetail;
}
