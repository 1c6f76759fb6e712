import { Duration } from 'aws-cdk-lib';
import { Stats, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { Queue } from 'aws-cdk-lib/aws-sqs';

import { maximumOf, metricOf, type RaiseAlarm, sumOf } from './alarm.ts';

export interface WatchedQueue {
  readonly queue: Queue;
  readonly deadLetterQueue: Queue;
  readonly ingest: IFunction;
  readonly worker: IFunction;
  readonly archive: IFunction;
}

/** A message that fails waits six minutes for its next try; two of these are everyday life. */
const OLD = Duration.minutes(15);

const FIVE_MINUTES = Duration.minutes(5);
const DAY = Duration.days(1);

/** Alarms on what was acknowledged and is not in the table. */
export function watchQueue(raise: RaiseAlarm, watched: WatchedQueue): void {
  const { queue, deadLetterQueue, worker, ingest } = watched;

  /**
   * SQS says nothing of a queue that was empty for six hours. What the worker has put back is young to SQS; how old it is
   * the worker says.
   */
  raise('QueueAge', 'Callbacks wait for more than a quarter of an hour: the table is stale.', {
    severity: 'urgent',
    metric: maximumOf(
      'age of the oldest message, in seconds',
      {
        waiting: queue.metricApproximateAgeOfOldestMessage({
          statistic: Stats.MAXIMUM,
          period: FIVE_MINUTES,
        }),
        putBack: metricOf('PostponedAgeSeconds', 'worker', FIVE_MINUTES, Stats.MAXIMUM),
      },
      FIVE_MINUTES,
    ),
    threshold: OLD.toSeconds(),
    evaluationPeriods: 3,
    treatMissingData: TreatMissingData.NOT_BREACHING,
  });

  /** One is too many. The maximum, since the archiver holds all of them for a moment each hour. */
  raise('DeadLetters', 'Messages have failed for good: what they show is not in the table.', {
    severity: 'soon',
    metric: deadLetterQueue.metricApproximateNumberOfMessagesVisible({
      statistic: Stats.MAXIMUM,
      period: FIVE_MINUTES,
    }),
    threshold: 0,
    evaluationPeriods: 1,
    treatMissingData: TreatMissingData.NOT_BREACHING,
  });

  /** Whole calls that fail: a worker that dies or is out of time. A call that SQS delivers again is everyday life. */
  raise('WorkerErrors', 'The worker itself fails; its messages are tried again five times.', {
    severity: 'soon',
    metric: worker.metricErrors({ statistic: Stats.SUM, period: FIVE_MINUTES }),
    threshold: 0,
    evaluationPeriods: 4,
    datapointsToAlarm: 3,
    // Without calls there is nothing that fails.
    treatMissingData: TreatMissingData.NOT_BREACHING,
  });

  /** Those two run many at once; that the others do not run is what other alarms say. */
  raise('FunctionThrottles', 'The account has no room for the functions; callbacks come late.', {
    severity: 'soon',
    metric: sumOf(
      'calls of ingest and worker that Lambda did not let in',
      {
        ingest: ingest.metricThrottles({ statistic: Stats.SUM, period: FIVE_MINUTES }),
        worker: worker.metricThrottles({ statistic: Stats.SUM, period: FIVE_MINUTES }),
      },
      FIVE_MINUTES,
    ),
    threshold: 0,
    evaluationPeriods: 4,
    datapointsToAlarm: 3,
    // As above.
    treatMissingData: TreatMissingData.NOT_BREACHING,
  });

  watchWhatIsKept(raise, watched);
}

/** Of what is durable in the bucket alone. */
function watchWhatIsKept(raise: RaiseAlarm, { archive }: WatchedQueue): void {
  /** Counted when it happens, so no data is well; for a day, which is one mail and not one for each. */
  raise('Unrecognised', 'Authentic bodies were not understood: they are kept, not mirrored.', {
    severity: 'soon',
    metric: metricOf('Unrecognised', 'worker', DAY),
    threshold: 0,
    evaluationPeriods: 1,
    treatMissingData: TreatMissingData.NOT_BREACHING,
  });

  /** As above. */
  raise('InboxSwept', 'SQS did not take callbacks: they were stored late, from the bucket.', {
    severity: 'soon',
    metric: metricOf('InboxSwept', 'backfill', DAY),
    threshold: 0,
    evaluationPeriods: 1,
    treatMissingData: TreatMissingData.NOT_BREACHING,
  });

  /**
   * One is too many: whoever looks at the depth of the dead letters does not see it any more. Between two
   * counts nothing has changed; that nobody counts is the next alarm's.
   */
  const threeHours = Duration.hours(3);
  raise('DeadLettersArchived', 'Messages that nobody has dealt with are in the archive.', {
    severity: 'soon',
    metric: metricOf('DeadLettersArchived', 'archive-dead-letters', threeHours, Stats.MAXIMUM),
    threshold: 0,
    evaluationPeriods: 1,
    treatMissingData: TreatMissingData.IGNORE,
  });

  /**
   * The minimum is 0 if any of three runs came to its end. No data is as bad: none was begun, and dead
   * letters are dropped after 14 days.
   */
  raise('ArchiveFailing', 'Dead letters are not archived, and SQS drops them after 14 days.', {
    severity: 'soon',
    metric: archive.metricErrors({ statistic: Stats.MINIMUM, period: threeHours }),
    threshold: 0,
    evaluationPeriods: 1,
    treatMissingData: TreatMissingData.BREACHING,
  });
}
