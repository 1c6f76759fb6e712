import type { Log } from '../../shared/platform/log.ts';
import type { MetricName, Metrics } from '../../shared/platform/metrics.ts';

export interface FakeMetrics extends Metrics {
  total(name: MetricName): number;
  /** What was published in seconds, in order. */
  published(name: MetricName): number[];
  /** What was counted by a dimension, by its values. */
  totalsBy(name: MetricName, dimension: string): Record<string, number>;
}

export function fakeMetrics(): FakeMetrics {
  const totals = new Map<MetricName, number>();
  const seconds = new Map<MetricName, number[]>();
  const byDimension = new Map<string, Record<string, number>>();
  return {
    count: (name, by = 1) => {
      totals.set(name, (totals.get(name) ?? 0) + by);
    },
    seconds: (name, value) => {
      seconds.set(name, [...(seconds.get(name) ?? []), value]);
    },
    published: (name) => seconds.get(name) ?? [],
    countBy: (name, dimension, value) => {
      totals.set(name, (totals.get(name) ?? 0) + 1);
      const values = byDimension.get(`${name} ${dimension}`) ?? {};
      byDimension.set(`${name} ${dimension}`, { ...values, [value]: (values[value] ?? 0) + 1 });
    },
    totalsBy: (name, dimension) => byDimension.get(`${name} ${dimension}`) ?? {},
    total: (name) => totals.get(name) ?? 0,
  };
}

/** Keeps what would be logged, so that a test can search it for what must never be there. */
export interface FakeLog extends Log {
  readonly lines: string[];
}

export function fakeLog(): FakeLog {
  const lines: string[] = [];
  const write = (message: string, fields?: object): void => {
    lines.push(JSON.stringify({ message, ...fields }));
  };
  return { lines, info: write, warn: write, error: write };
}
