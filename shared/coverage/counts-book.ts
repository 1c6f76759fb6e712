/** A batch of which Scale counts other tasks than stand here. Times are epoch milliseconds. */
export interface BatchApart {
  readonly batch: string;
  /** By status, how many more Scale counts. */
  readonly difference: Readonly<Record<string, number>>;
  /** Since when it has been just that. */
  readonly since: number;
}

/** How the batches of one source were last found, by their counts alone. */
export interface CountsCheck {
  /** The id of the source. */
  readonly source: string;
  readonly checkedAt: number;
  readonly apart: readonly BatchApart[];
}

export interface CountsBook {
  get(source: string): Promise<CountsCheck | undefined>;
  put(check: CountsCheck): Promise<void>;
}
