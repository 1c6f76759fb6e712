import type { HttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
import { Alarm, ComparisonOperator } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Topic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';

import type { MirrorConfig } from '../../shared/platform/mirror-config.ts';
import type { AlarmSettings } from '../alarms/alarm.ts';
import { watchCompleteness, type WatchedWalks } from '../alarms/completeness.ts';
import { watchQueue, type WatchedQueue } from '../alarms/queue.ts';
import { watchEvents, type WatchedEvents } from '../alarms/events.ts';
import { watchTables, type WatchedTables } from '../alarms/tables.ts';
import { watchWayIn } from '../alarms/way-in.ts';
import { AlarmTopic } from './alarm-topic.ts';

export interface AlarmsProps {
  readonly hearers: MirrorConfig['alarms'];
  readonly api: HttpApi;
  readonly queue: WatchedQueue;
  readonly tables: WatchedTables;
  readonly walks: WatchedWalks;
  readonly changes: WatchedEvents;
  /** Of the topic. */
  readonly key: IKey | undefined;
}

/** Its articles, in this repository. */
const RUNBOOK = 'docs/runbook.md';

/** An alarm for each way in which the mirror can fail a user. Each has its article in the runbook. */
export class Alarms extends Construct {
  /** Hears of every alarm. */
  readonly topic: Topic;
  readonly alarms: readonly Alarm[];

  constructor(scope: Construct, id: string, props: AlarmsProps) {
    super(scope, id);
    const { hearers, api, queue, tables, walks, changes } = props;
    this.topic = new AlarmTopic(this, 'AlarmTopic', hearers, props.key).topic;
    const alarms: Alarm[] = [];
    const raise = (name: string, impact: string, settings: AlarmSettings): void => {
      alarms.push(this.alarm(name, impact, settings, hearers.runbook ?? RUNBOOK));
    };
    watchWayIn(raise, api);
    watchQueue(raise, queue);
    watchTables(raise, tables);
    watchCompleteness(raise, walks);
    watchEvents(raise, changes);
    this.alarms = alarms;
  }

  /** Its end is told as well: whoever was called may go back to bed. */
  private alarm(
    name: string,
    impact: string,
    { severity, ...props }: AlarmSettings,
    runbook: string,
  ): Alarm {
    const alarm = new Alarm(this, name, {
      ...props,
      comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
      alarmDescription: `${severity.toUpperCase()}. ${impact} What to do: ${runbook}#${name.toLowerCase()}`,
    });
    const tell = new SnsAction(this.topic);
    alarm.addAlarmAction(tell);
    alarm.addOkAction(tell);
    return alarm;
  }
}
