/** How far a part of the table is: where to go on (absent at its beginning), or done. */
export type PartState =
  { readonly kind: 'open'; readonly next?: string | undefined } | { readonly kind: 'done' };

/** How far a rebuild of fields is, or how the last one ended. Times are epoch milliseconds. */
export interface RebuildState {
  /** The hash of the configuration; absent for one without fields. */
  readonly by?: string | undefined;
  readonly startedAt: number;
  readonly updatedAt: number;
  readonly parts: readonly PartState[];
}

/** The resume point of `fields rebuild`, for whoever runs it next. */
export interface RebuildBook {
  get(): Promise<RebuildState | undefined>;
  put(state: RebuildState): Promise<void>;
}
