/** How far the present run of backfill is, or how the last one ended. Times are epoch milliseconds, on our clock. */
export interface RunProgress {
  readonly startedAt: number;
  readonly updatedAt: number;
  /** Pages and tasks of this run that are durably queued. */
  readonly pages: number;
  readonly tasks: number;
  readonly slicesDone: number;
  /** Known so far: a dense slice is cut into more. */
  readonly slicesLeft: number;
  /** `running`, `finished`, `unfinished` or `failed`. */
  readonly state: string;
}

/** When a run may end, if what is left goes as what is done; `undefined` where nothing can be said. */
export function estimatedEnd(progress: RunProgress): number | undefined {
  const { startedAt, updatedAt, slicesDone, slicesLeft } = progress;
  if (slicesDone === 0) return undefined;
  return updatedAt + ((updatedAt - startedAt) / slicesDone) * slicesLeft;
}
