import type { TaskHead } from '../../readers/typescript/task-head.ts';
import { type FieldKinds, type FieldType, fieldTypeOf } from './field-kinds.ts';

/** What a column holds; `time` is ISO 8601 in a head, and `json` any value as JSON text. */
export type ColumnType = FieldType | 'time';

export interface Column {
  readonly name: string;
  readonly type: ColumnType;
  /** Whether it is a field of the configuration. */
  readonly isField: boolean;
  /** Absent where the head does not have it. */
  readonly valueOf: (head: TaskHead) => unknown;
}

type HeadName = Exclude<keyof TaskHead, 'fields'>;

/** The columns of all heads, in their order; names are the reader's. */
const HEAD_TYPES: Readonly<Record<HeadName, Exclude<ColumnType, 'json'>>> = {
  taskId: 'string',
  status: 'string',
  reviewStatus: 'string',
  type: 'string',
  project: 'string',
  projectId: 'string',
  batch: 'string',
  batchId: 'string',
  uniqueId: 'string',
  createdAt: 'time',
  updatedAt: 'time',
  completedAt: 'time',
  revision: 'integer',
  version: 'integer',
  confirmed: 'boolean',
  observedBy: 'string',
  observedFrom: 'time',
  observedUntil: 'time',
  mirroredAt: 'time',
  changedAt: 'time',
  current: 'string',
};

const headColumns: readonly Column[] = Object.entries(HEAD_TYPES).map(([name, type]) => ({
  name,
  type,
  isField: false,
  valueOf: (head): unknown => Reflect.get(head, name),
}));

/** Beside the columns of heads, so that a field may be called `status`. */
const FIELD_PREFIX = 'field_';

/** One column for each thing a head has, and one for each field that any of the tasks has. */
export function columnsOf(fields: FieldKinds): readonly Column[] {
  const fieldColumns = [...fields]
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .map(([field, kinds]): Column => ({
      name: FIELD_PREFIX + field,
      type: fieldTypeOf(kinds),
      isField: true,
      // A field may be called `toString`.
      valueOf: ({ fields = {} }) => (Object.hasOwn(fields, field) ? fields[field] : undefined),
    }));
  return [...headColumns, ...fieldColumns];
}
