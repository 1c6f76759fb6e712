import { type CloudWatchClient, paginateDescribeAlarms } from '@aws-sdk/client-cloudwatch';
import { GetAccountSettingsCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import { GetScheduleCommand, type SchedulerClient } from '@aws-sdk/client-scheduler';
import { ListSubscriptionsByTopicCommand, type SNSClient } from '@aws-sdk/client-sns';

import type { Watch } from '../mirror.ts';

export interface WatchSettings {
  readonly scheduler: SchedulerClient;
  readonly cloudWatch: CloudWatchClient;
  readonly sns: SNSClient;
  readonly lambda: LambdaClient;
  /** Names of the stack's schedules and alarms. */
  readonly schedules: readonly string[];
  readonly alarms: readonly string[];
}

/** Of a deployed mirror. */
export function awsWatch({ scheduler, cloudWatch, sns, lambda, ...names }: WatchSettings): Watch {
  return {
    schedules: () =>
      Promise.all(
        names.schedules.map(async (physicalId) => {
          // CloudFormation knows a schedule by `<group>|<name>` or its name alone.
          const Name = physicalId.split('|').at(-1) ?? physicalId;
          const { State } = await scheduler.send(new GetScheduleCommand({ Name }));
          return { name: Name, isEnabled: State === 'ENABLED' };
        }),
      ),
    async alarms() {
      const told: { name: string; told: number }[] = [];
      for (let at = 0; at < names.alarms.length; at += MOST_ALARMS) {
        const AlarmNames = names.alarms.slice(at, at + MOST_ALARMS);
        for await (const page of paginateDescribeAlarms({ client: cloudWatch }, { AlarmNames })) {
          for (const { AlarmName = '', AlarmActions = [], ActionsEnabled } of page.MetricAlarms ??
            []) {
            const actions = ActionsEnabled === false ? [] : AlarmActions;
            const counts = await Promise.all(actions.map((action) => hearers(sns, action)));
            told.push({ name: AlarmName, told: counts.reduce((sum, one) => sum + one, 0) });
          }
        }
      }
      return told;
    },
    async concurrentCalls() {
      // Its client waits for whole runs of functions.
      const abortSignal = AbortSignal.timeout(LONGEST_ANSWER_MS);
      const { AccountLimit } = await lambda.send(new GetAccountSettingsCommand({}), {
        abortSignal,
      });
      return AccountLimit?.ConcurrentExecutions;
    },
  };
}

const LONGEST_ANSWER_MS = 10_000;

/** Names in one DescribeAlarms (CloudWatch API reference). */
const MOST_ALARMS = 100;

/** Confirmed subscriptions of a topic; any other action is somebody by itself. */
async function hearers(sns: SNSClient, action: string): Promise<number> {
  if (!action.startsWith('arn:') || action.split(':')[2] !== 'sns') return 1;
  const { Subscriptions = [] } = await sns.send(
    new ListSubscriptionsByTopicCommand({ TopicArn: action }),
  );
  return Subscriptions.filter(({ SubscriptionArn }) => SubscriptionArn !== 'PendingConfirmation')
    .length;
}
