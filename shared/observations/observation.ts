import type { Interval, Shape, Source, TaskFacts } from '../tasks/head.ts';

/** The task exactly as that API gave it. */
export interface ObservedDocument {
  /** Not one character changed. */
  readonly text: string;
  /** Of the UTF-8 bytes of `text`. */
  readonly sha256: string;
  readonly substance: string;
  readonly bytes: number;
  /** The callback's members beside `task` that `task` lacks or contradicts, as JSON text. */
  readonly envelope?: string | undefined;
}

/** One sight of a task. */
export interface Observation {
  readonly taskId: string;
  readonly source: Source;
  readonly shape: Shape;
  readonly interval: Interval;
  readonly facts: TaskFacts;
  /** Absent where Scale twice answered that it does not know the task. */
  readonly document?: ObservedDocument | undefined;
  /** It says itself when its state began: a completion without review facts, or a review with its time. */
  readonly datesItself: boolean;
  /** `updated_at` or the latest audit time: what orders two documents when nobody can be asked. */
  readonly lastChangedAt?: number | undefined;
  readonly isTest?: boolean | undefined;
}

/** The settings of order, in milliseconds. */
export interface OrderSettings {
  /** How far Scale's reads may lag behind Scale. */
  readonly settleMs: number;
  /** How far Scale's clock may be apart from ours. */
  readonly skewMs: number;
}

/** A page or a confirm: proof that this API knows the task to this key, which a callback is not. */
export function isRead(source: Source): boolean {
  return source !== 'callback';
}
