import type { Head } from './head.ts';

/** One of several parts of the table, which can be read side by side. */
interface ScanPart {
  readonly segment: number;
  readonly of: number;
}

/** What a look at a stretch of the table has found. */
interface HeadPage {
  readonly heads: readonly Head[];
  /** Ids of tasks whose head cannot be read. */
  readonly unreadable: readonly string[];
  /** Records that were looked at, documents among them. */
  readonly looked: number;
  /** Where to go on; absent at the end. */
  readonly next: string | undefined;
}

/** Looks through all of `Tasks`: no index has the tasks without a project. */
export interface HeadScan {
  /**
   * The next heads whose fields were not lifted by the configuration of this hash; without a hash those that have
   * any. Eventually consistent: a write of the last second may not show. Forgotten tasks have no fields.
   */
  behind(by: string | undefined, part: ScanPart, from?: string): Promise<HeadPage>;
  /** Roughly how many records there are; DynamoDB counts every six hours. */
  approximateRecords(): Promise<number>;
}
