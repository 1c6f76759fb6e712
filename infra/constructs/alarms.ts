import { Duration } from 'aws-cdk-lib';
import {
  Alarm,
  type AlarmProps,
  ComparisonOperator,
  MathExpression,
  Metric,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';

import { type MetricName, METRICS_NAMESPACE } from '../../shared/platform/metrics.ts';
import { everyMs } from '../../shared/platform/mirror-config.ts';
import type { Changes } from './changes.ts';

export interface AlarmsProps {
  /** How often backfill runs. */
  readonly backfillEvery: string;
  readonly changes: Pick<Changes, 'function' | 'failures'>;
}

const HOUR_MS = 3_600_000;

/** CloudWatch looks back a week at most. */
const MOST_HOURS = 7 * 24;

/** More of the tasks than this changed without the mirror's hearing of it: callbacks or walks do not work. */
const MOST_DIFFERING_PERCENT = 1;

/** How old the oldest change may be that is not published: EventBridge's bad minutes pass by themselves. */
const MOST_BEHIND = Duration.minutes(15);

type AlarmKind =
  | 'TasksMissing'
  | 'TasksDiffering'
  | 'CoverageLagSeconds'
  | 'DeadLettersArchived'
  | 'EventsBehind'
  | 'EventsFailed';

/** Alarms on what the mirror promises: nothing missing, nothing stale. Each has its article in the runbook. */
export class Alarms extends Construct {
  constructor(scope: Construct, id: string, { backfillEvery, changes }: AlarmsProps) {
    super(scope, id);

    /**
     * One is too many: only tasks count that a finished backfill must have brought. Reconcile says 0 too, and
     * until it says anything the alarm stays as it is.
     */
    this.alarm('TasksMissing', 'Tasks are at Scale and not in the mirror.', {
      metric: metricOf('TasksMissing', 'reconcile', 'Sum', Duration.days(1)),
      threshold: 0,
      evaluationPeriods: 1,
      treatMissingData: TreatMissingData.IGNORE,
    });

    /**
     * Some are everyday life: Scale does not announce recalls, cancels and edits of metadata, and reconcile is
     * there to find them. Hence a share, which means the same for a small account and a large one.
     */
    this.alarm('TasksDiffering', 'Many tasks were not in the mirror as they are at Scale.', {
      metric: new MathExpression({
        expression: '100 * differing / compared',
        label: 'tasks that differed, in percent',
        period: Duration.days(1),
        usingMetrics: {
          differing: metricOf('TasksDiffering', 'reconcile', 'Sum', Duration.days(1)),
          compared: metricOf('TasksCompared', 'reconcile', 'Sum', Duration.days(1)),
        },
      }),
      threshold: MOST_DIFFERING_PERCENT,
      evaluationPeriods: 1,
      treatMissingData: TreatMissingData.IGNORE,
    });

    /**
     * Four runs of backfill in a row, or an hour of them, have brought nothing new. No data is as bad: every
     * run that comes to its end says how far it is, and without an API key it says 0.
     */
    const longestMs = Math.max(HOUR_MS, 4 * everyMs(backfillEvery));
    const hours = Math.min(MOST_HOURS, Math.ceil(longestMs / HOUR_MS));
    this.alarm('CoverageLagSeconds', 'What was completed at Scale lately is not in the mirror.', {
      metric: metricOf('CoverageLagSeconds', 'backfill', 'Maximum', Duration.hours(1)),
      threshold: longestMs / 1_000,
      evaluationPeriods: hours,
      treatMissingData: TreatMissingData.BREACHING,
    });

    /**
     * One is too many: whoever looks at the depth of the dead letters does not see it any more. No data is as bad:
     * the archiver counts at every run, and without it dead letters are dropped after 14 days.
     */
    this.alarm('DeadLettersArchived', 'Messages that nobody has dealt with are in the archive.', {
      metric: metricOf('DeadLettersArchived', 'archive-dead-letters', 'Maximum', Duration.hours(3)),
      threshold: 0,
      evaluationPeriods: 1,
      treatMissingData: TreatMissingData.BREACHING,
    });

    this.watchEvents(changes);
  }

  /** Without changes there is no data, which is well. */
  private watchEvents(changes: AlarmsProps['changes']): void {
    this.alarm('EventsBehind', 'Events of changes come late, or not at all.', {
      metric: changes.function.metric('IteratorAge', {
        statistic: 'Maximum',
        period: Duration.minutes(5),
      }),
      threshold: MOST_BEHIND.toMilliseconds(),
      evaluationPeriods: 1,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });

    /** One is too many: somebody who goes by events has not heard of a change. */
    this.alarm('EventsFailed', 'Changes were given up on that have made no event.', {
      metric: changes.failures.metricApproximateNumberOfMessagesVisible({
        statistic: 'Maximum',
        period: Duration.minutes(5),
      }),
      threshold: 0,
      evaluationPeriods: 1,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });
  }

  private alarm(
    name: AlarmKind,
    meaning: string,
    props: Omit<AlarmProps, 'comparisonOperator' | 'alarmDescription'>,
  ): void {
    new Alarm(this, name, {
      ...props,
      comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
      alarmDescription: `${meaning} What to do: docs/runbook.md#${name.toLowerCase()}`,
    });
  }
}

/** A metric as `createTelemetry` of that function publishes it. */
function metricOf(
  metricName: MetricName,
  service: string,
  statistic: string,
  period: Duration,
): Metric {
  const namespace = METRICS_NAMESPACE;
  return new Metric({ namespace, metricName, dimensionsMap: { service }, statistic, period });
}
