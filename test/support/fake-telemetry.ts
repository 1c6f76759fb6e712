import type { Log } from '../../shared/platform/log.ts';
import type { MetricName, Metrics } from '../../shared/platform/metrics.ts';

export interface FakeMetrics extends Metrics {
  total(name: MetricName): number;
}

export function fakeMetrics(): FakeMetrics {
  const totals = new Map<MetricName, number>();
  return {
    count: (name, by = 1) => {
      totals.set(name, (totals.get(name) ?? 0) + by);
    },
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
