import { Duration } from 'aws-cdk-lib';
import { MathExpression, Stats, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';

import { everyMs, type MirrorConfig } from '../../shared/platform/mirror-config.ts';
import { metricOf, type RaiseAlarm } from './alarm.ts';

export interface WatchedWalks {
  /** How often backfill runs. */
  readonly backfillEvery: string;
  readonly order: MirrorConfig['order'];
  readonly reconcile: IFunction;
}

const HOUR_MS = 3_600_000;

/** CloudWatch looks back a week at most. */
const MOST_HOURS = 7 * 24;

/** More of the tasks than this changed without the mirror's hearing of it: callbacks or walks do not work. */
const MOST_DIFFERING_PERCENT = 1;

const DAY = Duration.days(1);

/** Alarms on what the mirror promises: nothing missing, nothing stale. */
export function watchCompleteness(raise: RaiseAlarm, watched: WatchedWalks): void {
  /**
   * One is too many: only tasks count that a finished backfill must have brought. Reconcile says 0 too, and
   * until it says anything the alarm stays as it is.
   */
  raise('TasksMissing', 'Tasks are at Scale and not in the mirror.', {
    severity: 'urgent',
    metric: metricOf('TasksMissing', 'reconcile', DAY),
    threshold: 0,
    evaluationPeriods: 1,
    treatMissingData: TreatMissingData.IGNORE,
  });

  /**
   * Some are everyday life: Scale does not announce recalls, cancels and edits of metadata, and reconcile is
   * there to find them. Hence a share, which means the same for a small account and a large one.
   */
  raise('TasksDiffering', 'Many tasks were not in the mirror as they are at Scale.', {
    severity: 'soon',
    metric: new MathExpression({
      expression: '100 * differing / compared',
      label: 'tasks that differed, in percent',
      period: DAY,
      usingMetrics: {
        differing: metricOf('TasksDiffering', 'reconcile', DAY),
        compared: metricOf('TasksCompared', 'reconcile', DAY),
      },
    }),
    threshold: MOST_DIFFERING_PERCENT,
    evaluationPeriods: 1,
    // As with missing ones.
    treatMissingData: TreatMissingData.IGNORE,
  });

  /** One is too many: Scale has tried for a day. Told by v1 alone; as with missing ones until it says more. */
  raise('CallbacksLost', 'Scale has given up on callbacks: their tasks came late, by backfill.', {
    severity: 'soon',
    metric: metricOf('CallbacksLost', 'reconcile', DAY),
    threshold: 0,
    evaluationPeriods: 1,
    treatMissingData: TreatMissingData.IGNORE,
  });

  /**
   * The minimum is 0 if any of sixteen runs came to its end: what failed is tried at each of them. No data is
   * as bad: none was begun.
   */
  raise('ReconcileFailing', 'Nobody compares the mirror with Scale: gaps are not seen.', {
    severity: 'soon',
    metric: watched.reconcile.metricErrors({
      statistic: Stats.MINIMUM,
      period: Duration.hours(4),
    }),
    threshold: 0,
    evaluationPeriods: 1,
    treatMissingData: TreatMissingData.BREACHING,
  });

  watchBackfill(raise, watched);
}

function watchBackfill(raise: RaiseAlarm, { backfillEvery, order }: WatchedWalks): void {
  /**
   * Four runs of backfill in a row, or an hour of them, have brought nothing new. No data is as bad: every
   * run that comes to its end says how far it is, and without an API key it says 0.
   */
  const longestMs = Math.max(HOUR_MS, 4 * everyMs(backfillEvery));
  const hours = Math.min(MOST_HOURS, Math.ceil(longestMs / HOUR_MS));
  const hour = Duration.hours(1);
  raise('CoverageLagSeconds', 'What was completed at Scale lately is not in the mirror.', {
    severity: 'soon',
    metric: metricOf('CoverageLagSeconds', 'backfill', hour, Stats.MAXIMUM),
    threshold: longestMs / 1_000,
    evaluationPeriods: hours,
    treatMissingData: TreatMissingData.BREACHING,
  });

  /**
   * What fails while completed tasks go on coming: other statuses, batches, names, the sweep. Where those stand
   * still too, the lag says so. One failed part is everyday life, and counted when it happens: no data is well.
   */
  const period = Duration.hours(Math.min(24, Math.ceil(everyMs(backfillEvery) / HOUR_MS)));
  raise('BackfillPartFailed', 'Parts of backfill fail again and again: some changes come late.', {
    severity: 'soon',
    metric: new MathExpression({
      expression: `IF(lag <= ${String(longestMs / 1_000)}, failed, 0)`,
      label: 'parts that failed while completed tasks came',
      period,
      usingMetrics: {
        lag: metricOf('CoverageLagSeconds', 'backfill', period, Stats.MAXIMUM),
        failed: metricOf('BackfillPartFailed', 'backfill', period),
      },
    }),
    threshold: 0,
    evaluationPeriods: 3,
    treatMissingData: TreatMissingData.NOT_BREACHING,
  });

  /** Published only while they are a second apart or more, so no data is well. */
  raise('ClocksApart', 'Clocks are further apart than the order of changes allows for.', {
    severity: 'urgent',
    metric: metricOf('ClocksApartSeconds', 'backfill', hour, Stats.MAXIMUM),
    threshold: order.skewMs / 1_000,
    evaluationPeriods: 2,
    treatMissingData: TreatMissingData.NOT_BREACHING,
  });
}
