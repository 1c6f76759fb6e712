const UNITS = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['min', 60_000],
] as const;

/** How long ago a time was, in its largest unit: `3 d`, `2 h`, `5 min`. */
export function ageOf(time: number, now: number): string {
  const ms = Math.max(0, now - time);
  for (const [unit, length] of UNITS) {
    if (ms >= length) return `${String(Math.floor(ms / length))} ${unit}`;
  }
  return `${String(Math.floor(ms / 1_000))} s`;
}
