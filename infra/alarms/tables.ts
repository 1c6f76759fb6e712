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
    metric: sumOf('writes held back', ofTables(tables, 'WriteThrottleEvents', PERIOD), PERIOD),
  });
  raise('ReadsThrottled', 'DynamoDB holds reads back: queries fail, tasks are stored late.', {
    ...lasting,
    metric: sumOf('reads held back', ofTables(tables, 'ReadThrottleEvents', PERIOD), PERIOD),
  });
}

type TableMetric =
  | 'WriteThrottleEvents'
  | 'ReadThrottleEvents'
  | 'ConsumedWriteCapacityUnits'
  | 'ConsumedReadCapacityUnits';

/** Of both tables and of each index, which DynamoDB counts apart; by their names. */
export function ofTables(
  { tasks, indexes, mirrorState }: WatchedTables,
  metricName: TableMetric,
  period: Duration,
): Record<string, Metric> {
  const namespace = 'AWS/DynamoDB';
  const statistic = Stats.SUM;
  const metricAt = (label: string, dimensionsMap: Record<string, string>) =>
    new Metric({ namespace, metricName, dimensionsMap, statistic, period, label });
  const TableName = tasks.tableName;
  return {
    tasks: metricAt('Tasks', { TableName }),
    mirrorState: metricAt('MirrorState', { TableName: mirrorState.tableName }),
    ...Object.fromEntries(
      indexes.map((index) => {
        const dimensions = { TableName, GlobalSecondaryIndexName: index };
        return [index, metricAt(`index ${index}`, dimensions)];
      }),
    ),
  };
}
