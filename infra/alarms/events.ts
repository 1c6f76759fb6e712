import { Duration } from 'aws-cdk-lib';
import { Stats, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { Queue } from 'aws-cdk-lib/aws-sqs';

import type { RaiseAlarm } from './alarm.ts';

export interface WatchedEvents {
  readonly function: IFunction;
  /** Takes the positions of changes that were given up on. */
  readonly failures: Queue;
}

/** How old the oldest change may be that is not published: EventBridge's bad minutes pass by themselves. */
const MOST_BEHIND = Duration.minutes(15);

const FIVE_MINUTES = Duration.minutes(5);

/** Alarms on what somebody who goes by events does not hear of. */
export function watchEvents(raise: RaiseAlarm, changes: WatchedEvents): void {
  raise('EventsBehind', 'Events of changes come late, or not at all; the table is right.', {
    severity: 'soon',
    metric: changes.function.metric('IteratorAge', {
      statistic: Stats.MAXIMUM,
      period: FIVE_MINUTES,
    }),
    threshold: MOST_BEHIND.toMilliseconds(),
    evaluationPeriods: 1,
    // Without changes there is no data.
    treatMissingData: TreatMissingData.NOT_BREACHING,
  });

  /** One is too many. */
  raise('EventsFailed', 'Changes were given up on that have made no event; the table is right.', {
    severity: 'soon',
    metric: changes.failures.metricApproximateNumberOfMessagesVisible({
      statistic: Stats.MAXIMUM,
      period: FIVE_MINUTES,
    }),
    threshold: 0,
    evaluationPeriods: 1,
    // An empty queue has no data after some hours.
    treatMissingData: TreatMissingData.NOT_BREACHING,
  });
}
