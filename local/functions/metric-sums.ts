import * as v from 'valibot';

/** What a metric has come to. */
interface MetricSum {
  readonly lastHour: number;
  readonly lastDay: number;
  /** When it was last counted, epoch milliseconds. */
  readonly lastAt: number;
}

/**
 * The functions' metrics, as CloudWatch would keep them: summed by the minute for a day, and forgotten when the
 * stack ends. A metric by a dimension of its own stands under `<name> by <dimension>=<value>`.
 */
export interface MetricSums {
  /** Reads a line that a function has written; one that is no metric is left alone. */
  readonly readLine: (line: string) => void;
  readonly sums: () => Readonly<Record<string, MetricSum>>;
}

const MINUTE_MS = 60_000;
const HOUR_MINUTES = 60;
const DAY_MINUTES = 24 * HOUR_MINUTES;

/** Dimensions that every metric of the mirror has. */
const USUAL = ['service'];

/** CloudWatch's embedded metric format (CloudWatch user guide, "Specification: embedded metric format"). */
const embedded = v.looseObject({
  _aws: v.object({
    Timestamp: v.number(),
    CloudWatchMetrics: v.array(
      v.object({
        Dimensions: v.array(v.array(v.string())),
        Metrics: v.array(v.object({ Name: v.string() })),
      }),
    ),
  }),
});

const values = v.union([
  v.number(),
  v.pipe(
    v.array(v.number()),
    v.transform((all) => all.reduce((sum, one) => sum + one, 0)),
  ),
]);

/** ` by <dimension>=<value>` for each dimension that not every metric has. */
function suffixOf(dimensions: readonly string[], members: Readonly<Record<string, unknown>>) {
  return dimensions
    .filter((name) => !USUAL.includes(name))
    .map((name) => ` by ${name}=${String(members[name])}`)
    .join('');
}

export function createMetricSums(now: () => number): MetricSums {
  const kept = new Map<string, { readonly byMinute: Map<number, number>; lastAt: number }>();
  const add = (key: string, at: number, value: number): void => {
    const held = kept.get(key) ?? { byMinute: new Map<number, number>(), lastAt: at };
    const minute = Math.floor(at / MINUTE_MS);
    held.byMinute.set(minute, (held.byMinute.get(minute) ?? 0) + value);
    held.lastAt = at;
    for (const old of held.byMinute.keys()) {
      if (old <= minute - DAY_MINUTES) held.byMinute.delete(old);
    }
    kept.set(key, held);
  };
  const sumOf = (byMinute: ReadonlyMap<number, number>, minutes: number): number => {
    const since = Math.floor(now() / MINUTE_MS) - minutes;
    return [...byMinute].reduce((sum, [minute, one]) => (minute > since ? sum + one : sum), 0);
  };
  return {
    readLine: (line) => {
      // Most lines are log lines: JSON too, and not worth parsing.
      if (!line.includes('"_aws"')) return;
      const read = v.safeParse(v.pipe(v.string(), v.parseJson(), embedded), line);
      if (!read.success) return;
      const { _aws: metrics, ...members } = read.output;
      for (const { Dimensions, Metrics } of metrics.CloudWatchMetrics) {
        for (const { Name } of Metrics) {
          const value = v.safeParse(values, members[Name]);
          if (!value.success) continue;
          for (const by of Dimensions) {
            add(Name + suffixOf(by, members), metrics.Timestamp, value.output);
          }
        }
      }
    },
    sums: () =>
      Object.fromEntries(
        [...kept].map(([key, { byMinute, lastAt }]) => [
          key,
          {
            lastHour: sumOf(byMinute, HOUR_MINUTES),
            lastDay: sumOf(byMinute, DAY_MINUTES),
            lastAt,
          },
        ]),
      ),
  };
}
