import {
  CloudWatchClient,
  type GetMetricDataInput,
  type MetricDataResult,
} from '@aws-sdk/client-cloudwatch';

import { createKeyUsage } from '../../../shared/platform/cloudwatch-key-usage.ts';
import { fakeClock, NOON } from '../../support/fake-clock.ts';

const HOUR_MS = 3_600_000;

/** CloudWatch that answers these pages of results. */
function aCloudWatch(...pages: MetricDataResult[][]) {
  const asked: GetMetricDataInput[] = [];
  const client = Object.assign(new CloudWatchClient({}), {
    send: async ({ input }: { input: GetMetricDataInput }) => {
      asked.push(input);
      const MetricDataResults = pages.shift();
      return { MetricDataResults, ...(pages.length > 0 && { NextToken: 'more' }) };
    },
  });
  return { asked, usage: createKeyUsage(client, fakeClock()) };
}

const at = (hours: number): Date => new Date(NOON - hours * HOUR_MS);

it('a key was last used by the end of its last hour with a callback', async () => {
  const { usage, asked } = aCloudWatch(
    [{ Id: 'key0', Timestamps: [at(30), at(5)], Values: [2, 1] }],
    [
      { Id: 'key0', Timestamps: [at(40)], Values: [2] },
      { Id: 'key1', Timestamps: [at(0.5), at(3)], Values: [1, 0] },
      { Id: 'key2', Timestamps: [], Values: [] },
    ],
  );
  const found = await usage.lastUsed(['old', 'new', 'idle']);
  expect([...found]).toEqual([
    ['old', NOON - 4 * HOUR_MS],
    ['new', NOON],
    ['idle', 'never'],
  ]);
  const [query] = asked[0]?.MetricDataQueries ?? [];
  expect(query?.MetricStat?.Metric).toEqual({
    Namespace: 'ScaleTaskMirror',
    MetricName: 'CallbackAccepted',
    Dimensions: [
      { Name: 'service', Value: 'ingest' },
      { Name: 'callbackKey', Value: 'old' },
    ],
  });
});

it.each(['InternalError', 'Forbidden'] as const)(
  'a result that says %s is an error, not a key that nobody uses',
  async (StatusCode) => {
    const { usage } = aCloudWatch([{ Id: 'key0', StatusCode }]);
    await expect(usage.lastUsed(['old'])).rejects.toThrow(StatusCode);
  },
);

it('asks nothing where there are no keys', async () => {
  const { usage, asked } = aCloudWatch();
  expect([(await usage.lastUsed([])).size, asked]).toEqual([0, []]);
});
