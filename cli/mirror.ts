import type { BatchBook } from '../shared/coverage/batch-book.ts';
import type { Directory } from '../shared/coverage/directory.ts';
import type { MirrorState } from '../shared/coverage/mirror-state.ts';
import type { Reports } from '../shared/coverage/reports.ts';
import type { Bodies } from '../shared/documents/bodies.ts';
import type { ReadSecret } from '../shared/platform/secret.ts';
import type { DeadLetters } from '../shared/queue/dead-letters.ts';
import type { TaskQueue } from '../shared/queue/task-queue.ts';
import type { TaskIndex } from '../shared/tasks/task-index.ts';
import type { TaskTable } from '../shared/tasks/task-table.ts';

/** A secret of the mirror, by the id that AWS knows it by. */
export interface MirrorSecret {
  readonly id: string;
  readonly read: ReadSecret;
}

/** The functions of a mirror that a command may run. */
export interface Functions {
  /**
   * Runs one now and answers what it answers, which may take 15 minutes. One that fails, or cannot be run, is a
   * `CommandFailure`.
   */
  invoke(name: 'backfill' | 'reconcile', event: object, signal?: AbortSignal): Promise<unknown>;
}

/**
 * A mirror as commands use it, by its ports. Each part is opened when it is first asked for, so that a command
 * loads and connects only what it uses. A part that this place does not name is a `CommandFailure`.
 */
export interface Mirror {
  taskTable(): Promise<TaskTable>;
  taskIndex(): Promise<TaskIndex>;
  mirrorState(): Promise<MirrorState>;
  batchBook(): Promise<BatchBook>;
  directory(): Promise<Directory>;
  reports(): Promise<Reports>;
  bodies(): Promise<Bodies>;
  taskQueue(): Promise<TaskQueue>;
  deadLetters(): Promise<DeadLetters>;
  functions(): Promise<Functions>;
  apiKey(): Promise<MirrorSecret>;
  callbackKeys(): Promise<MirrorSecret>;
}
