import { Duration, Stack } from 'aws-cdk-lib';
import {
  type Alarm,
  AlarmStatusWidget,
  AlarmStatusWidgetSortBy,
  Dashboard,
  type IWidget,
  TextWidget,
} from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';

import { comingIn, complete, costs, type Panel, type Shown, stored } from '../dashboard/panels.ts';

export interface MirrorDashboardProps extends Shown {
  readonly alarms: readonly Alarm[];
}

/** CloudWatch's grid. */
const WIDTH = 24;

/**
 * Answers from top to bottom: what is wrong, do callbacks come in, are they stored, is the mirror complete, what
 * does it cost. An account has three dashboards of up to 50 metrics free; this is one of them.
 */
export class MirrorDashboard extends Construct {
  readonly url: string;

  constructor(scope: Construct, id: string, props: MirrorDashboardProps) {
    super(scope, id);
    const dashboard = new Dashboard(this, 'Dashboard', {
      defaultInterval: Duration.days(1),
      widgets: [
        [
          new AlarmStatusWidget({
            title: 'Alarms (docs/runbook.md has an article for each)',
            alarms: [...props.alarms],
            sortBy: AlarmStatusWidgetSortBy.STATE_UPDATED_TIMESTAMP,
            width: WIDTH,
            height: 5,
          }),
        ],
        ...section('Are callbacks coming in?', comingIn(props)),
        ...section('Are they stored?', stored(props)),
        ...section('Is the mirror complete?', complete()),
        ...section('What does it cost?', costs(props)),
      ],
    });
    const { region } = Stack.of(this);
    this.url = `https://console.aws.amazon.com/cloudwatch/home?region=${region}#dashboards/dashboard/${dashboard.dashboardName}`;
  }
}

/** A heading, and below it its panels side by side. */
function section(question: string, panels: readonly Panel[]): IWidget[][] {
  const heading = new TextWidget({ markdown: `## ${question}`, width: WIDTH, height: 1 });
  const width = Math.floor(WIDTH / panels.length);
  return [[heading], panels.map((panel) => panel(width))];
}
