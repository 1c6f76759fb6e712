/** Epoch milliseconds as ISO 8601, UTC, with milliseconds: as Scale writes times, and the tables hold them. */
export function toIso(time: number): string {
  return new Date(time).toISOString();
}
