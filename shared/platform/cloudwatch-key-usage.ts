import {
  type CloudWatchClient,
  type MetricDataQuery,
  type MetricDataResult,
  paginateGetMetricData,
} from '@aws-sdk/client-cloudwatch';

import type { Clock } from './clock.ts';
import { type KeyUsage, USAGE_DAYS } from './key-usage.ts';
import { type MetricName, METRICS_NAMESPACE } from './metrics.ts';

const HOUR_S = 3_600;
const DAY_MS = 24 * HOUR_S * 1_000;

/** What a call may ask for at most (CloudWatch API reference, GetMetricData). */
const MOST_QUERIES = 500;

const METRIC: MetricName = 'CallbackAccepted';

/** By the metric that ingest counts for each key. */
export function createKeyUsage(client: CloudWatchClient, clock: Clock): KeyUsage {
  return {
    async lastUsed(labels) {
      const found = new Map<string, number | 'never'>(labels.map((label) => [label, 'never']));
      for (let at = 0; at < labels.length; at += MOST_QUERIES) {
        const some = labels.slice(at, at + MOST_QUERIES);
        const now = clock.now();
        const pages = paginateGetMetricData(
          { client },
          {
            StartTime: new Date(now - USAGE_DAYS * DAY_MS),
            EndTime: new Date(now),
            MetricDataQueries: some.map(queryOf),
          },
        );
        for await (const { MetricDataResults = [] } of pages) {
          for (const result of MetricDataResults) note(found, some, result, now);
        }
      }
      return found;
    },
  };
}

function queryOf(label: string, at: number): MetricDataQuery {
  const Dimensions = [
    { Name: 'service', Value: 'ingest' },
    { Name: 'callbackKey', Value: label },
  ];
  const Metric = { Namespace: METRICS_NAMESPACE, MetricName: METRIC, Dimensions };
  return { Id: `key${String(at)}`, MetricStat: { Metric, Period: HOUR_S, Stat: 'Sum' } };
}

function note(
  found: Map<string, number | 'never'>,
  labels: readonly string[],
  { Id = '', StatusCode, Timestamps = [], Values = [] }: MetricDataResult,
  now: number,
): void {
  if (StatusCode === 'InternalError' || StatusCode === 'Forbidden') {
    throw new Error(`CloudWatch could not say when a key was last used: ${StatusCode}`);
  }
  const label = labels[Number(Id.slice('key'.length))];
  if (label === undefined) return;
  for (const [at, time] of Timestamps.entries()) {
    if ((Values[at] ?? 0) === 0) continue;
    const until = Math.min(now, time.getTime() + HOUR_S * 1_000);
    const before = found.get(label);
    found.set(label, typeof before === 'number' ? Math.max(until, before) : until);
  }
}
