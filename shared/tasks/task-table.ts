import type { HistoryEntry } from './history.ts';
import type { Head, Interval, Shape, Source } from './head.ts';

/** A document with all that its record says of it. */
export interface TaskDocument {
  readonly taskId: string;
  readonly record: string;
  readonly api: Shape;
  readonly source: Source;
  readonly interval: Interval;
  /** The task exactly as that API gave it. */
  readonly text: string;
  readonly sha256: string;
  readonly substance: string;
  readonly bytes: number;
  readonly envelope?: string | undefined;
  /** The record that was the last before this one: the history of a task is this chain. */
  readonly previous?: string | undefined;
}

/**
 * - `created`: this writer made the record, and removes it should its head lose the race
 * - `adopted`: another writer had made the same record; from now on nobody removes it
 */
type DocumentWrite = 'created' | 'adopted';

/** The `Tasks` table: one head per task, and its documents. The worker is its only writer. */
export interface TaskTable {
  /** The heads of some tasks, read together and consistently. A task without a head is not in it. */
  getHeads(taskIds: readonly string[]): Promise<ReadonlyMap<string, Head>>;
  /** Stores a document before the head that will point at it. Safe to repeat. */
  putDocument(document: TaskDocument): Promise<DocumentWrite>;
  /** Reads a document back; `undefined` where the record is not there. */
  getDocument(taskId: string, record: string): Promise<TaskDocument | undefined>;
  /** The documents that ever counted for a task, newest first; never one that only stands there. */
  getHistory(head: Head): Promise<readonly HistoryEntry[]>;
  /** Removes a record that this writer created and whose head lost the race, unless adopted since. */
  removeDocument(taskId: string, record: string): Promise<void>;
  /**
   * Has a document expire at a time, epoch milliseconds; DynamoDB removes it within two days of that. Only
   * for what no head refers to any more.
   */
  expireDocument(taskId: string, record: string, at: number): Promise<void>;
  /**
   * Compare-and-set: writes the head if the stored version is the one before it (none, for version 1).
   * `lost` where another writer was faster; also when a retried call meets its own first try.
   */
  putHead(head: Head): Promise<'written' | 'lost'>;
}
