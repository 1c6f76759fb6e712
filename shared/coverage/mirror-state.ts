import type { Coverage } from './coverage.ts';
import type { RunProgress } from './run-progress.ts';
import type { Slice } from './slice.ts';

/** Sole right to run, until it is given back or runs out. */
export interface Lease {
  readonly name: string;
  readonly owner: string;
}

/** Who may run. */
export interface Leases {
  /** Takes the lease, or extends it for its owner; false while another owner holds it. */
  holdLease(lease: Lease, now: number, until: number): Promise<boolean>;
  /** Gives the lease back; nothing happens if another owner has it by now. */
  releaseLease(lease: Lease): Promise<void>;
}

/** What has been walked and what is being walked, by the id of a source. One writer at a time, by its lease. */
export interface WalkBook {
  getCoverage(source: string, status: string): Promise<Coverage | undefined>;
  putCoverage(source: string, status: string, coverage: Coverage): Promise<void>;
  /** The slices of a source that have begun and not ended. */
  listSlices(source: string): Promise<readonly Slice[]>;
  putSlice(source: string, slice: Slice): Promise<void>;
  removeSlice(source: string, slice: Slice): Promise<void>;
}

/** How far runs are, for anyone to read. */
export interface RunProgressBook {
  getProgress(run: string): Promise<RunProgress | undefined>;
  putProgress(run: string, progress: RunProgress): Promise<void>;
}

/** Whether v1 can be asked for changed tasks, and when that was tried, epoch milliseconds. */
export interface V1Known {
  readonly answers: boolean;
  readonly reason: string;
  readonly checkedAt: number;
}

/** What has been found out about the account. */
export interface AccountBook {
  getV1(): Promise<V1Known | undefined>;
  putV1(known: V1Known): Promise<void>;
  /** The ids of all sources, as the configuration and Scale name them; none before the first run. */
  getSources(): Promise<readonly string[]>;
  putSources(sources: readonly string[]): Promise<void>;
}

/** The `MirrorState` table, as far as walks need it. */
export interface MirrorState extends Leases, WalkBook, RunProgressBook, AccountBook {}
