/** When callbacks were last signed by which key. */
export interface KeyUsage {
  /**
   * By label, until when at the latest a key was used, epoch milliseconds, to the hour; absent where it was not
   * in the last {@link USAGE_DAYS} days.
   */
  lastUsed(labels: readonly string[]): Promise<ReadonlyMap<string, number>>;
}

/** How far back it is looked. */
export const USAGE_DAYS = 14;
