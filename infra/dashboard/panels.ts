import { Duration } from 'aws-cdk-lib';
import type { HttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
import {
  GraphWidget,
  type GraphWidgetProps,
  type IMetric,
  type IWidget,
  Metric,
  SingleValueWidget,
  Stats,
} from 'aws-cdk-lib/aws-cloudwatch';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';

import { CALLBACK_THROTTLED, METRICS_NAMESPACE } from '../../shared/platform/metrics.ts';
import { metricOf } from '../alarms/alarm.ts';
import type { WatchedQueue } from '../alarms/queue.ts';
import { ofTables, type WatchedTables } from '../alarms/tables.ts';

/** What the dashboard shows. */
export interface Shown {
  readonly api: HttpApi;
  readonly queue: WatchedQueue;
  readonly tables: WatchedTables;
  /** All functions, by the names that graphs show. */
  readonly functions: Readonly<Record<string, IFunction>>;
}

/** Becomes a widget once it is known how many stand beside it. */
export type Panel = (width: number) => IWidget;

const PERIOD = Duration.minutes(5);

export function comingIn({ api }: Shown): Panel[] {
  const settings = { period: PERIOD, statistic: Stats.SUM };
  const latency = (statistic: string, label: string) =>
    api.metricLatency({ period: PERIOD, statistic, label });
  return [
    graph('Requests by what was answered', {
      left: [
        api.metricCount({ ...settings, label: 'all' }),
        metricOf('CallbackAccepted', 'ingest', PERIOD),
        metricOf('CallbackRefused', 'ingest', PERIOD),
        new Metric({
          namespace: METRICS_NAMESPACE,
          metricName: CALLBACK_THROTTLED,
          ...settings,
        }),
        api.metricServerError({ ...settings, label: '5xx' }),
      ],
    }),
    graph('How fast, in milliseconds', {
      left: [latency(Stats.p(50), 'p50'), latency(Stats.p(99), 'p99')],
    }),
  ];
}

export function stored({ queue: { queue, deadLetterQueue, worker } }: Shown): Panel[] {
  const waiting = { period: PERIOD, statistic: Stats.MAXIMUM };
  return [
    graph('What came of them', {
      stacked: true,
      left: (
        [
          'ObservationApplied',
          'ObservationTouched',
          'ObservationDuplicate',
          'ObservationStale',
          'TaskDeleted',
          'Unrecognised',
          'MessageFailed',
          'MessagePostponed',
        ] as const
      ).map((name) => metricOf(name, 'worker', PERIOD)),
    }),
    graph('Waiting', {
      left: [
        queue.metricApproximateNumberOfMessagesVisible({ ...waiting, label: 'messages' }),
        deadLetterQueue.metricApproximateNumberOfMessagesVisible({
          ...waiting,
          label: 'dead letters',
        }),
      ],
      right: [queue.metricApproximateAgeOfOldestMessage({ ...waiting, label: 'age in seconds' })],
    }),
    graph('Asked of Scale, and failures of the worker', {
      left: [metricOf('ConfirmRequested', 'worker', PERIOD)],
      right: [worker.metricErrors({ period: PERIOD, label: 'calls of the worker that failed' })],
    }),
  ];
}

export function complete(): Panel[] {
  const found = ['TasksCompared', 'TasksMissing', 'TasksDiffering', 'CallbacksLost'] as const;
  return [
    graph('How far backfill is behind, in seconds', {
      left: [metricOf('CoverageLagSeconds', 'backfill', PERIOD, Stats.MAXIMUM)],
    }),
    graph('What backfill read', {
      left: [metricOf('BackfillTasks', 'backfill', PERIOD)],
      right: [metricOf('BackfillPartFailed', 'backfill', PERIOD)],
    }),
    (width) =>
      new SingleValueWidget({
        title: 'What reconcile found, in all the time shown',
        metrics: found.map((name) => metricOf(name, 'reconcile', PERIOD)),
        setPeriodToTimeRange: true,
        width,
        height: 6,
      }),
  ];
}

export function costs({ api, queue, tables, functions }: Shown): Panel[] {
  const hour = Duration.hours(1);
  const settings = { period: hour, statistic: Stats.SUM };
  const units = (kind: 'Write' | 'Read') =>
    Object.values(ofTables(tables, `Consumed${kind}CapacityUnits`, hour));
  return [
    graph('Requests an hour', {
      left: [
        api.metricCount({ ...settings, label: 'API Gateway' }),
        queue.queue.metricNumberOfMessagesSent({ ...settings, label: 'SQS, messages' }),
      ],
    }),
    graph('Lambda, milliseconds an hour', {
      stacked: true,
      left: Object.entries(functions).map(([label, one]) =>
        one.metricDuration({ ...settings, label }),
      ),
    }),
    graph('DynamoDB, write units an hour', { stacked: true, left: units('Write') }),
    graph('DynamoDB, read units an hour', { stacked: true, left: units('Read') }),
  ];
}

function graph(
  title: string,
  lines: Pick<GraphWidgetProps, 'stacked'> & {
    readonly left: IMetric[];
    readonly right?: IMetric[];
  },
): Panel {
  const axes = { leftYAxis: { min: 0 }, rightYAxis: { min: 0 } };
  return (width) => new GraphWidget({ title, ...axes, ...lines, width });
}
