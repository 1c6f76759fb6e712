/** When callbacks were last signed by which key. */
export interface KeyUsage {
  /**
   * By label: until when at the latest a key was used, epoch milliseconds, to the hour; or `never`, as far back as
   * {@link USAGE_DAYS} days. A label is absent where nobody has counted for so long.
   */
  lastUsed(labels: readonly string[]): Promise<ReadonlyMap<string, number | 'never'>>;
}

/** How far back it is looked. */
export const USAGE_DAYS = 14;
