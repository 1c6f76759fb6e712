import { Duration } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';

import { everyMs, type MirrorConfig, rateExpression } from '../../shared/platform/mirror-config.ts';
import { runBySchedule } from './function-schedule.ts';
import { MirrorFunction } from './mirror-function.ts';
import { grantReadSecret } from './secrets.ts';
import { walkEnvironment, type WalkProps } from './walk-environment.ts';

export interface ScheduledBackfillProps extends WalkProps {
  readonly settings: MirrorConfig['backfill'];
}

/**
 * Fills every gap, by a schedule. Neither the schedule nor Lambda tries a failed run again, since the next
 * one goes on where it stopped; a lease in `MirrorState` keeps two from running at once.
 */
export class ScheduledBackfill extends Construct {
  readonly function: MirrorFunction;

  constructor(scope: Construct, id: string, props: ScheduledBackfillProps) {
    super(scope, id);
    const { queue, mirrorState, tasks, bodies, apiKey, settings } = props;
    this.function = new MirrorFunction(this, 'Function', {
      folder: 'backfill',
      memorySizeMb: 512,
      timeout: Duration.minutes(15),
      retryAttempts: 0,
      environment: {
        ...walkEnvironment(props, settings),
        OTHER_STATUSES_EVERY_MS: String(everyMs(settings.otherStatusesEvery)),
        LOOK_BACK_MS: String(everyMs(settings.lookBack)),
      },
    });
    runBySchedule(this, 'Schedule', {
      target: this.function,
      expression: rateExpression(settings.every),
    });
    grantReadSecret(apiKey, this.function);
    const statements = [
      { actions: ['sqs:SendMessage'], resources: [queue.queueArn] },
      {
        actions: ['GetItem', 'PutItem', 'DeleteItem', 'Query'].map(
          (action) => `dynamodb:${action}`,
        ),
        resources: [mirrorState.tableArn],
      },
      {
        actions: ['dynamodb:Query'],
        resources: ['byProject', 'byBatch'].map((index) => `${tasks.tableArn}/index/${index}`),
      },
      {
        actions: ['s3:GetObject', 's3:PutObject', 's3:DeleteObject'],
        resources: [bodies.arnForObjects('inbox/*')],
      },
      { actions: ['s3:ListBucket'], resources: [bodies.bucketArn] },
    ];
    for (const statement of statements) {
      this.function.addToRolePolicy(new PolicyStatement(statement));
    }
  }
}
