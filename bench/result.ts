/** What one benchmark found. Ratios compare with a reference of the same run, figures are of this machine. */
export interface BenchResult {
  readonly name: string;
  readonly ratios: Readonly<Record<string, number>>;
  readonly figures: Readonly<Record<string, number>>;
  /** Of ratios and figures that were measured round by round, by their names. */
  readonly spreads?: Readonly<Record<string, Spread>>;
  /** What its plot shows: else all ratios, or all figures where there are none. */
  readonly chart?: Chart;
}

export interface Chart {
  readonly title: string;
  /** Of ratios or figures that have one scale. */
  readonly names: readonly string[];
  /** Stands below the axis. */
  readonly unit: string;
}

/** Half of all rounds lie between the quartiles. */
export interface Spread {
  readonly median: number;
  readonly lower: number;
  readonly upper: number;
}

export function formatTable({ name, ratios, figures, spreads = {} }: BenchResult): string {
  const rows = Object.entries({ ...ratios, ...figures });
  const width = Math.max(...rows.map(([label]) => label.length));
  const lines = rows.map(([label, value]) => {
    const spread = spreads[label];
    const beside = spread && `  (${text(spread.lower)} to ${text(spread.upper)})`;
    return `  ${label.padEnd(width)}  ${text(value)}${beside ?? ''}`;
  });
  return `${[name, ...lines].join('\n')}\n`;
}

function text(value: number): string {
  return value.toLocaleString('en');
}

/** The value below which a share of the values lies, from 0 to 1. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}

export function median(values: readonly number[]): number {
  return percentile(values, 0.5);
}

type Rounds = Readonly<Record<string, readonly number[]>>;

export function medians(all: Rounds): Record<string, number> {
  return Object.fromEntries(
    Object.entries(all).map(([name, values]) => [name, rounded(median(values))]),
  );
}

export function spreadsOf(all: Rounds): Record<string, Spread> {
  return Object.fromEntries(
    Object.entries(all).map(([name, values]) => [
      name,
      {
        median: rounded(median(values)),
        lower: rounded(percentile(values, 0.25)),
        upper: rounded(percentile(values, 0.75)),
      },
    ]),
  );
}

/** What was measured in one round over what was measured beside it in the same round. */
export function paired(own: readonly number[], reference: readonly number[]): number[] {
  return own.map((value, round) => value / (reference[round] ?? Number.NaN));
}

/** To two decimals; small ones to three digits. */
export function rounded(value: number): number {
  return Math.abs(value) >= 1 ? Math.round(value * 100) / 100 : Number(value.toPrecision(3));
}
