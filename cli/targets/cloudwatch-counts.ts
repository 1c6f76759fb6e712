import { type CloudWatchClient, paginateGetMetricData } from '@aws-sdk/client-cloudwatch';

import { METRICS_NAMESPACE } from '../../shared/platform/metrics.ts';
import type { Counts } from '../mirror.ts';

/** Powertools counts by service; those that a person asks for are all of ingest. */
const SERVICE = { Name: 'service', Value: 'ingest' };

const PERIOD_SECONDS = 300;

/** Of a deployed mirror. `queueName` is the last part of the task queue's URL. */
export function cloudWatchCounts(client: CloudWatchClient, queueName: string): Counts {
  const read = async (
    metric: {
      Namespace: string;
      MetricName: string;
      Dimensions: { Name: string; Value: string }[];
    },
    Stat: 'Sum' | 'Maximum',
    since: number,
  ): Promise<number[]> => {
    const MetricStat = { Metric: metric, Period: PERIOD_SECONDS, Stat };
    const pages = paginateGetMetricData(
      { client },
      {
        StartTime: new Date(since),
        EndTime: new Date(),
        MetricDataQueries: [{ Id: 'one', MetricStat }],
      },
    );
    const values: number[] = [];
    for await (const { MetricDataResults = [] } of pages) {
      values.push(...MetricDataResults.flatMap(({ Values = [] }) => Values));
    }
    return values;
  };
  return {
    async sums(names, since) {
      const sums = names.map(async (name): Promise<[string, number]> => {
        const metric = { Namespace: METRICS_NAMESPACE, MetricName: name, Dimensions: [SERVICE] };
        const values = await read(metric, 'Sum', since);
        return [name, values.reduce((sum, value) => sum + value, 0)];
      });
      return Object.fromEntries(await Promise.all(sums));
    },
    async oldestMessageSeconds() {
      const metric = {
        Namespace: 'AWS/SQS',
        MetricName: 'ApproximateAgeOfOldestMessage',
        Dimensions: [{ Name: 'QueueName', Value: queueName }],
      };
      // CloudWatch has SQS's metrics within some minutes.
      const ages = await read(metric, 'Maximum', Date.now() - 3 * PERIOD_SECONDS * 1_000);
      return ages[0];
    },
  };
}
