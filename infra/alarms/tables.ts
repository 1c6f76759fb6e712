import { Duration } from 'aws-cdk-lib';
import { Metric, Stats, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import type { Table } from 'aws-cdk-lib/aws-dynamodb';

import { type RaiseAlarm, sumOf } from './alarm.ts';

export interface WatchedTables {
  readonly tasks: Table;
  /** Names of the indexes of `tasks`. */
  readonly indexes: readonly string[];
  readonly mirrorState: Table;
}

const PERIOD = Duration.minutes(5);

/**
 * Alarms on DynamoDB's holding back. It counts where it does, so no data is well. A burst on one partition is
 * over after minutes and every write is tried again; a quarter of an hour is a limit.
 */
export function watchTables(raise: RaiseAlarm, tables: WatchedTables): void {
  const lasting = {
    severity: 'soon',
    threshold: 0,
    evaluationPeriods: 4,
    datapointsToAlarm: 3,
    treatMissingData: TreatMissingData.NOT_BREACHING,
  } as const;
  raise('WritesThrottled', 'DynamoDB holds writes back: tasks are stored late.', {
    ...lasting,
    metric: sumOf('writes held back', throttleEvents(tables, 'WriteThrottleEvents'), PERIOD),
  });
  raise('ReadsThrottled', 'DynamoDB holds reads back: queries fail, tasks are stored late.', {
    ...lasting,
    metric: sumOf('reads held back', throttleEvents(tables, 'ReadThrottleEvents'), PERIOD),
  });
}

/** Of both tables and of each index, which DynamoDB counts apart. */
function throttleEvents(
  { tasks, indexes, mirrorState }: WatchedTables,
  metricName: 'WriteThrottleEvents' | 'ReadThrottleEvents',
): Record<string, Metric> {
  const metricAt = (dimensionsMap: Record<string, string>) =>
    new Metric({
      namespace: 'AWS/DynamoDB',
      metricName,
      dimensionsMap,
      statistic: Stats.SUM,
      period: PERIOD,
    });
  const TableName = tasks.tableName;
  return {
    tasks: metricAt({ TableName }),
    mirrorState: metricAt({ TableName: mirrorState.tableName }),
    ...Object.fromEntries(
      indexes.map((index) => [index, metricAt({ TableName, GlobalSecondaryIndexName: index })]),
    ),
  };
}
