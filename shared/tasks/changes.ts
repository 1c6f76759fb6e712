/**
 * How far behind the clock index `changes` is read. Times are stamped by several writers, each before its write, so what is
 * younger may still be joined by something older.
 */
export const CHANGES_TRAIL_MS = 30_000;
