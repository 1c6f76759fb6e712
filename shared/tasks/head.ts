import type { FieldValue } from './field-value.ts';

/** The two generations of Scale's API; each has its own form of a task. */
export type Shape = 'v1' | 'v2';

/** How an observation was made. */
export type Source = 'callback' | 'backfill' | 'confirm';

/** A span of time in which Scale certainly held a state, on our clock, epoch milliseconds. */
export interface Interval {
  readonly from: number;
  readonly until: number;
}

/** A project or batch as far as it is known: its name, its id, or both. */
export interface Named {
  readonly name?: string | undefined;
  readonly id?: string | undefined;
}

/** What a task says of itself, the same for both shapes. Times are epoch milliseconds. */
export interface TaskFacts {
  /** As Scale says it: pending, completed, canceled, error, any new one; or `deleted`. */
  readonly status: string;
  readonly project: Named;
  readonly batch: Named;
  readonly type?: string | undefined;
  readonly createdAt?: number | undefined;
  readonly completedAt?: number | undefined;
  readonly updatedAt?: number | undefined;
  /** Lower case, `approved` as `accepted`. */
  readonly reviewStatus?: string | undefined;
  readonly uniqueId?: string | undefined;
}

/** A head's pointer to the newest document of one shape. */
export interface DocumentReference {
  /** `document#<revision>#<sha256>` */
  readonly record: string;
  readonly substance: string;
  /** Length of the exact text in UTF-8. */
  readonly bytes: number;
  readonly interval: Interval;
  /** Whether a read of this API, and not only a callback, has ever shown the task. */
  readonly wasRead: boolean;
}

/**
 * Why a field is not there that the document has: too large beside those before it, nothing that an attribute can hold, or
 * its expression failed.
 */
export type FieldOmission = 'too large' | 'not storable' | 'failed';

/** What was lifted out of the document that counts, by the `fields` of the configuration. */
export interface LiftedFields {
  /** The hash of the configuration that it was lifted by. */
  readonly by: string;
  /** By name; a field that the document has not is not in it. */
  readonly values: Readonly<Record<string, FieldValue>>;
  readonly omitted: Readonly<Record<string, FieldOmission>>;
}

/** The one item per task that says its present state and points at its documents. */
export interface Head {
  readonly taskId: string;
  /** Counts every write of the head; the compare-and-set is on it. */
  readonly version: number;
  /** Counts changes of substance. */
  readonly revision: number;
  readonly facts: TaskFacts;
  /** Of the newest observation. */
  readonly interval: Interval;
  readonly observedBy: Source;
  readonly confirmed: boolean;
  /** Of the last write. */
  readonly mirroredAt: number;
  /** Of the last change of substance, or of the key under which index `changes` has it. */
  readonly changedAt: number;
  /** The record of the document that counts. */
  readonly current: string;
  readonly documents: Readonly<Partial<Record<Shape, DocumentReference>>>;
  /** Of the document that counts; absent where the configuration named no fields when it came to count. */
  readonly fields?: LiftedFields | undefined;
}

/** The status of a task that Scale has twice said it does not know any more. */
export const DELETED = 'deleted';
