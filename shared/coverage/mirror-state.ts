/** How far a walk over one source and status has come. Times are epoch milliseconds. */
export interface WalkState {
  /**
   * Identifies the exact filters of the walk. A token belongs to the filters that it was given for, so
   * a walk whose filters have changed since begins its window again.
   */
  readonly filters: string;
  /** The window being walked: tasks completed after `from` (everything, if absent) and before `until`. */
  readonly from?: number | undefined;
  readonly until: number;
  /** When the last page was read, or the walk last failed. */
  readonly walkedAt: number;
  /** The next page of the window; absent at its beginning. */
  readonly nextToken?: string | undefined;
  /** Pages of this window whose tasks are durably queued. */
  readonly pages: number;
  readonly tasks: number;
  /** Tasks that the next page is asked for; absent for the usual number. */
  readonly limit?: number | undefined;
  /** Set once the whole window is durably queued. */
  readonly isDone: boolean;
  /** Set where Scale does not take this status for a filter, so that nothing could be walked. */
  readonly isRefused?: boolean | undefined;
}

/** Sole right to run, until it is given back or runs out. */
export interface Lease {
  readonly name: string;
  readonly owner: string;
}

/** The `MirrorState` table: resume points and leases. */
export interface MirrorState {
  getWalk(source: string, status: string): Promise<WalkState | undefined>;
  putWalk(source: string, status: string, walk: WalkState): Promise<void>;
  /** Takes the lease, or extends it for its owner; false while another owner holds it. */
  holdLease(lease: Lease, now: number, until: number): Promise<boolean>;
  /** Gives the lease back; nothing happens if another owner has it by now. */
  releaseLease(lease: Lease): Promise<void>;
}
