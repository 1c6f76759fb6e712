import type { Mirror as Reader } from '../readers/typescript/mirror.ts';
import type { Numbers } from '../readers/typescript/parse-json.ts';
import type { BatchBook } from '../shared/coverage/batch-book.ts';
import type { Directory } from '../shared/coverage/directory.ts';
import type { MirrorState } from '../shared/coverage/mirror-state.ts';
import type { Reports } from '../shared/coverage/reports.ts';
import type { Bodies } from '../shared/documents/bodies.ts';
import type { RebuildBook } from '../shared/fields/rebuild-book.ts';
import type { FieldsConfig } from '../shared/platform/fields-config.ts';
import type { KeyUsage } from '../shared/platform/key-usage.ts';
import type { MetricName } from '../shared/platform/metrics.ts';
import type { ReadSecret } from '../shared/platform/secret.ts';
import type { SecretStore } from '../shared/platform/secret-store.ts';
import type { DeadLetters } from '../shared/queue/dead-letters.ts';
import type { TaskQueue } from '../shared/queue/task-queue.ts';
import type { HeadScan } from '../shared/tasks/head-scan.ts';
import type { TaskEraser } from '../shared/tasks/task-eraser.ts';
import type { TaskIndex } from '../shared/tasks/task-index.ts';
import type { TaskTable } from '../shared/tasks/task-table.ts';

/** How many messages a queue holds, to SQS's approximation. */
export interface QueueDepth {
  readonly waiting: number;
  readonly inFlight: number;
  readonly delayed: number;
}

export interface QueueDepths {
  readonly taskQueue: QueueDepth;
  readonly deadLetters: QueueDepth;
}

/** What the mirror has counted. */
export interface Counts {
  /** The sums of these metrics since a time, epoch milliseconds, at most a day ago. */
  sums(names: readonly MetricName[], since: number): Promise<Readonly<Record<string, number>>>;
  /** The age of the oldest message on the task queue, in seconds; `undefined` where nobody measures it. */
  oldestMessageSeconds(): Promise<number | undefined>;
}

/** The functions that a person may run. */
type WalkingFunction = 'backfill' | 'reconcile';

/** What watches over the mirror, as far as a place has it. */
export interface Watch {
  /** The schedules of the functions; `undefined` where they are not AWS's. */
  schedules(): Promise<
    readonly { readonly name: string; readonly isEnabled: boolean }[] | undefined
  >;
  /** Alarms, and how many people or systems each one tells; `undefined` where there are none. */
  alarms(): Promise<readonly { readonly name: string; readonly told: number }[] | undefined>;
  /** Calls of all functions of the account that may run at once; `undefined` where nothing limits them. */
  concurrentCalls(): Promise<number | undefined>;
}

/** A secret of the mirror, by the id that AWS knows it by. */
export interface MirrorSecret {
  readonly id: string;
  readonly read: ReadSecret;
}

/** A secret of the mirror that can be changed. */
export interface MirrorSecretStore extends SecretStore {
  readonly id: string;
}

/**
 * A mirror as commands use it, by its ports. Each part is opened when it is first asked for, so that a command
 * loads and connects only what it uses. A part that this place does not name is a `CommandFailure`.
 */
export interface Mirror {
  taskTable(): Promise<TaskTable>;
  taskIndex(): Promise<TaskIndex>;
  /** The tasks as downstream jobs read them, with numbers of `fields` of the chosen kind. */
  reader(numbers?: Numbers): Promise<Reader>;
  headScan(): Promise<HeadScan>;
  eraser(): Promise<TaskEraser>;
  mirrorState(): Promise<MirrorState>;
  batchBook(): Promise<BatchBook>;
  directory(): Promise<Directory>;
  reports(): Promise<Reports>;
  rebuildBook(): Promise<RebuildBook>;
  /** The fields that the worker lifts; `undefined` for none. */
  fields(): Promise<FieldsConfig | undefined>;
  bodies(): Promise<Bodies>;
  taskQueue(): Promise<TaskQueue>;
  queueDepths(): Promise<QueueDepths>;
  counts(): Promise<Counts>;
  /** Runs a function with an event, and answers what it answers: `{errorMessage}` where it failed. */
  invoke(): Promise<(name: WalkingFunction, event: object) => Promise<unknown>>;
  deadLetters(): Promise<DeadLetters>;
  /** Where Scale posts callbacks. */
  callbackUrl(): Promise<string>;
  watch(): Promise<Watch>;
  apiKey(): Promise<MirrorSecret>;
  callbackKeys(): Promise<MirrorSecret>;
  secretStore(secret: 'apiKey' | 'callbackKeys'): Promise<MirrorSecretStore>;
  keyUsage(): Promise<KeyUsage>;
}
