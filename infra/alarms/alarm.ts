import type { Duration } from 'aws-cdk-lib';
import { type AlarmProps, MathExpression, Metric, Stats } from 'aws-cdk-lib/aws-cloudwatch';

import { type MetricName, METRICS_NAMESPACE } from '../../shared/platform/metrics.ts';

/**
 * `urgent`: somebody works with wrong or missing tasks, or callbacks are lost before long; wake somebody.
 * `soon`: nothing is lost yet, or it mends itself while nobody else fails; within the next working day.
 */
type Severity = 'urgent' | 'soon';

export interface AlarmSettings extends Omit<
  AlarmProps,
  'comparisonOperator' | 'alarmDescription' | 'alarmName' | 'treatMissingData'
> {
  readonly severity: Severity;
  /** Said by each alarm: CloudWatch's default would leave it in doubt. */
  readonly treatMissingData: NonNullable<AlarmProps['treatMissingData']>;
}

/** Makes an alarm of that name, which goes off above its threshold; the runbook has an article of the same name. */
export type RaiseAlarm = (name: string, impact: string, settings: AlarmSettings) => void;

/** Functions by the name that `createTelemetry` is given in their handlers. */
type Service = 'ingest' | 'worker' | 'backfill' | 'reconcile' | 'archive-dead-letters';

/** A metric as that function publishes it. Without a statistic the sum. */
export function metricOf(
  metricName: MetricName,
  service: Service,
  period: Duration,
  statistic: string = Stats.SUM,
): Metric {
  const namespace = METRICS_NAMESPACE;
  return new Metric({ namespace, metricName, dimensionsMap: { service }, statistic, period });
}

type Named = Readonly<Record<string, Metric>>;

/** All of them together. `SUM` takes no notice of those without data, and gives none where none has any. */
export function sumOf(label: string, metrics: Named, period: Duration): MathExpression {
  return allOf('SUM', label, metrics, period);
}

/** The highest of them; with data as {@link sumOf}. */
export function maximumOf(label: string, metrics: Named, period: Duration): MathExpression {
  return allOf('MAX', label, metrics, period);
}

function allOf(name: string, label: string, metrics: Named, period: Duration): MathExpression {
  const expression = `${name}([${Object.keys(metrics).join(', ')}])`;
  return new MathExpression({ expression, label, period, usingMetrics: { ...metrics } });
}
