/** What became of the callbacks of tasks completed in a time, by Scale's own account of them. */
export interface Deliveries {
  /** Scale had no 2xx, and has stopped trying. */
  readonly lost: number;
  /** Scale does not say. */
  readonly unsaid: number;
  readonly delivered: number;
}

/** What one reconcile of a source has found. Times are epoch milliseconds. */
export interface ReconcileReport {
  /** The id of the source: `project:<name>` or `batch:<name>`. */
  readonly source: string;
  readonly startedAt: number;
  readonly finishedAt: number;
  /** Whether all of it was read. If not, the counts are of what was read so far. */
  readonly isComplete: boolean;
  /** Tasks that Scale has shown, of every status. */
  readonly atScale: number;
  /** Tasks whose heads stand here under the source; absent where it was not complete. */
  readonly here?: number | undefined;
  /** Tasks at Scale without a head here. */
  readonly missing: number;
  /** Those of the missing that a finished backfill should have brought. */
  readonly overdue: number;
  /** Tasks whose head said otherwise than Scale. */
  readonly differing: number;
  /** Tasks of which only a read can tell; they are read. */
  readonly open: number;
  /** Tasks here that Scale does not list any more; absent where it was not complete. */
  readonly gone?: number | undefined;
  /** Absent where v1 does not answer. */
  readonly deliveries?: Deliveries | undefined;
  /** Where in `Bodies` their ids stand; absent where there are none. */
  readonly idsKey?: string | undefined;
}

/** The newest report of each source. */
export interface Reports {
  list(): Promise<readonly ReconcileReport[]>;
  put(report: ReconcileReport): Promise<void>;
}
