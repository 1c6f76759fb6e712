/** What one benchmark found. Ratios compare with a reference of the same run, figures are of this machine. */
export interface BenchResult {
  readonly name: string;
  readonly ratios: Readonly<Record<string, number>>;
  readonly figures: Readonly<Record<string, number>>;
}

export function formatTable({ name, ratios, figures }: BenchResult): string {
  const rows = Object.entries({ ...ratios, ...figures });
  const width = Math.max(...rows.map(([label]) => label.length));
  const lines = rows.map(
    ([label, value]) => `  ${label.padEnd(width)}  ${value.toLocaleString('en')}`,
  );
  return `${[name, ...lines].join('\n')}\n`;
}

/** The value below which a share of the values lies, from 0 to 1. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}

export function median(values: readonly number[]): number {
  return percentile(values, 0.5);
}
