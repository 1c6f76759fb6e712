/** What was removed of a task. */
export interface Erased {
  readonly documents: number;
  /** Of `Bodies`: documents and envelopes that are too big for the table. */
  readonly objects: number;
}

/** Removes what the mirror holds of a task. Safe to repeat: whatever is gone is gone. */
export interface TaskEraser {
  /** All documents with their objects, history and all. The head stays. */
  eraseDocuments(taskId: string): Promise<Erased>;
  /** The head, for a task that never was one, such as a doctor's. */
  eraseHead(taskId: string): Promise<void>;
}
