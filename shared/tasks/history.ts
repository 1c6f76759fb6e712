import type { Head, Interval, Shape, Source } from './head.ts';

/** A stored document without its body: what it was, when Scale held it, and how it came to be known. */
export interface HistoryEntry {
  readonly record: string;
  readonly api: Shape;
  readonly source: Source;
  readonly interval: Interval;
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
 * race, or was never written, is stored perhaps, but not in it. Where a document has expired the chain
 * goes on at the next one that the head still refers to.
 */
export function historyOf(head: Head, stored: readonly HistoryEntry[]): readonly HistoryEntry[] {
  const byRecord = new Map(stored.map((entry) => [entry.record, entry]));
  const history: HistoryEntry[] = [];
  let record = lastRecord(head);
  while (record !== undefined) {
    const entry = byRecord.get(record);
    if (entry !== undefined) history.push(entry);
    record = entry === undefined ? nextReferred(head, record) : entry.previous;
  }
  return history;
}

/** The newest record before this one that the head refers to. */
function nextReferred(head: Head, record: string): string | undefined {
  return Object.values(head.documents)
    .map((reference) => reference.record)
    .filter((one) => one < record)
    .sort()
    .at(-1);
}

/** What a head referred to before it moved, and does not any more: it may expire, and nothing else may. */
export function superseded(before: Head | undefined, after: Head): readonly string[] {
  const referred = new Set(Object.values(after.documents).map(({ record }) => record));
  return Object.values(before?.documents ?? {})
    .map(({ record }) => record)
    .filter((record) => !referred.has(record) && record !== after.current);
}
