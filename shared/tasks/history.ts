import type { Head } from './head.ts';

/** A stored document, as far as the history of its task needs it. */
export interface HistoryEntry {
  readonly record: string;
  readonly substance: string;
  /** The record that was the last before this one. */
  readonly previous?: string | undefined;
}

/** The record with the highest revision that a head refers to: the one written last. */
export function lastRecord(head: Head | undefined): string | undefined {
  return Object.values(head?.documents ?? {})
    .map(({ record }) => record)
    .sort()
    .at(-1);
}

/**
 * The documents that ever counted, newest first: the chain from the head. A record whose head lost its
 * race, or was never written, is stored perhaps, but not in it.
 */
export function historyOf(head: Head, stored: readonly HistoryEntry[]): readonly HistoryEntry[] {
  const byRecord = new Map(stored.map((entry) => [entry.record, entry]));
  const history: HistoryEntry[] = [];
  let record = lastRecord(head);
  while (record !== undefined) {
    const entry = byRecord.get(record);
    if (entry === undefined) break;
    history.push(entry);
    record = entry.previous;
  }
  return history;
}
