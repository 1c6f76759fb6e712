import { Duration } from 'aws-cdk-lib';
import type { HttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
import { MathExpression, Metric, Stats, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';

import { CALLBACK_THROTTLED, METRICS_NAMESPACE } from '../../shared/platform/metrics.ts';
import { metricOf, type RaiseAlarm, sumOf } from './alarm.ts';

/** Refusals in an hour that are more than a scanner who passes by. */
const MANY_REFUSED = 10;

/** Alarms on callbacks that do not get in. Without callbacks there is no data, which is well. */
export function watchWayIn(raise: RaiseAlarm, api: HttpApi): void {
  /**
   * A wrong key of ours or Scale's refuses nearly all, and for as long as Scale tries again; whoever tries keys
   * refuses few of many, or is gone after an hour. Requests are always counted where refusals are.
   */
  const hour = Duration.hours(1);
  raise(
    'CallbackRefused',
    'Most callbacks are refused for their key; Scale gives up after a day.',
    {
      severity: 'urgent',
      metric: new MathExpression({
        expression: 'IF(refused > requests / 2, refused, 0)',
        label: 'callbacks refused, where they are most of all',
        period: hour,
        usingMetrics: {
          refused: metricOf('CallbackRefused', 'ingest', hour),
          requests: api.metricCount({ period: hour, statistic: Stats.SUM }),
        },
      }),
      threshold: MANY_REFUSED,
      evaluationPeriods: 3,
      datapointsToAlarm: 2,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    },
  );

  /**
   * Whatever the cause is: an empty secret, SQS and S3 down, an ingest that fails or is throttled. One that is
   * over before Scale tries again has hurt nobody.
   */
  const quarter = Duration.minutes(15);
  raise('CallbackUnavailable', 'Callbacks are answered 5xx; Scale tries again for a day.', {
    severity: 'urgent',
    metric: api.metricServerError({ period: quarter, statistic: Stats.SUM }),
    threshold: 0,
    evaluationPeriods: 4,
    datapointsToAlarm: 2,
    treatMissingData: TreatMissingData.NOT_BREACHING,
  });

  /** A burst that Scale sends again in peace is everyday life; what is too much for half an hour is a limit to raise. */
  raise('CallbackThrottled', 'Callbacks are held back by the rate limit; Scale sends them later.', {
    severity: 'soon',
    metric: new Metric({
      namespace: METRICS_NAMESPACE,
      metricName: CALLBACK_THROTTLED,
      statistic: Stats.SUM,
      period: quarter,
    }),
    threshold: 0,
    evaluationPeriods: 4,
    datapointsToAlarm: 2,
    treatMissingData: TreatMissingData.NOT_BREACHING,
  });

  /** The last good value serves meanwhile: this comes before any 5xx. A single read that fails is everyday life. */
  raise('SecretNotLoaded', 'A secret cannot be read; functions that start anew will fail.', {
    severity: 'soon',
    metric: sumOf(
      'reads of a secret that failed',
      {
        callbackKeys: metricOf('SecretNotLoaded', 'ingest', quarter),
        apiKey: metricOf('SecretNotLoaded', 'worker', quarter),
      },
      quarter,
    ),
    threshold: 0,
    evaluationPeriods: 4,
    datapointsToAlarm: 3,
    treatMissingData: TreatMissingData.NOT_BREACHING,
  });
}
