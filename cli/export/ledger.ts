import type { ListedTask } from '../../readers/typescript/listed-task.ts';
import type { TaskHead } from '../../readers/typescript/task-head.ts';
import { createIdSet } from '../../shared/tasks/id-set.ts';
import { withoutBigints } from './export-row.ts';
import { type FieldKind, type FieldKinds, noteFields } from './field-kinds.ts';

/** What is known of the rows of a spool, in some 30 bytes a task. */
export interface Ledger {
  /** Notes a row that is in the spool. */
  note(head: TaskHead): void;
  /** Whether the spool has a task in the very state that an index lists. */
  has(task: ListedTask): boolean;
  /** Different tasks. */
  readonly tasks: number;
  /** Of tasks with several rows, how many are superseded by the last. Few: those that changed meanwhile. */
  readonly superseded: ReadonlyMap<string, number>;
  readonly fields: FieldKinds;
  /** Names of their projects. */
  readonly projects: ReadonlySet<string>;
}

export function createLedger(): Ledger {
  const ids = createIdSet();
  const states = createIdSet();
  const superseded = new Map<string, number>();
  const fields = new Map<string, Set<FieldKind>>();
  const projects = new Set<string>();
  return {
    note(head) {
      states.add(stateOf(head));
      const { taskId } = head;
      if (!ids.add(taskId)) superseded.set(taskId, (superseded.get(taskId) ?? 0) + 1);
      noteFields(fields, head.fields);
      if (head.project !== undefined) projects.add(head.project);
    },
    has: (task) => states.has(stateOf(task)),
    get tasks() {
      return ids.size;
    },
    superseded,
    fields,
    projects,
  };
}

/** Whatever an index shows of a task; its fields too, which a rebuild gives it while all else stands still. */
function stateOf({
  taskId,
  current,
  status,
  completedAt,
  reviewStatus,
  fields,
}: ListedTask): string {
  return JSON.stringify([taskId, current, status, completedAt, reviewStatus, fields], inOrder);
}

/** DynamoDB keeps no order of members, and a row of the spool has its big numbers as text. */
function inOrder(name: string, given: unknown): unknown {
  const value = withoutBigints(name, given);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.entries(value).toSorted(([one], [other]) => (one < other ? -1 : 1));
}
