import { Duration } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Schedule, ScheduleExpression } from 'aws-cdk-lib/aws-scheduler';
import { LambdaInvoke } from 'aws-cdk-lib/aws-scheduler-targets';
import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
import type { CfnSecret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';

import { everyMs, type MirrorConfig, rateExpression } from '../../shared/platform/mirror-config.ts';
import { MirrorFunction } from './mirror-function.ts';
import { grantReadSecret } from './secrets.ts';
import { sourcesVariable } from './sources-variable.ts';

export interface ScheduledBackfillProps {
  readonly queue: Queue;
  readonly mirrorState: Table;
  readonly tasks: Table;
  readonly bodies: Bucket;
  readonly apiKey: CfnSecret;
  readonly sources: MirrorConfig['sources'];
  readonly settings: MirrorConfig['backfill'];
  readonly scaleApiUrl: string;
}

/**
 * Fills every gap, by a schedule. Neither the schedule nor Lambda tries a failed run again, since the next
 * one goes on where it stopped; a lease in `MirrorState` keeps two from running at once.
 */
export class ScheduledBackfill extends Construct {
  readonly function: MirrorFunction;

  constructor(scope: Construct, id: string, props: ScheduledBackfillProps) {
    super(scope, id);
    const { queue, mirrorState, tasks, bodies, apiKey, scaleApiUrl, settings } = props;
    this.function = new MirrorFunction(this, 'Function', {
      folder: 'backfill',
      memorySizeMb: 512,
      timeout: Duration.minutes(15),
      retryAttempts: 0,
      environment: {
        MIRROR_STATE_TABLE_NAME: mirrorState.tableName,
        TASKS_TABLE_NAME: tasks.tableName,
        TASK_QUEUE_URL: queue.queueUrl,
        BODIES_BUCKET_NAME: bodies.bucketName,
        API_KEY_SECRET_ID: apiKey.ref,
        SCALE_API_URL: scaleApiUrl,
        SOURCES: sourcesVariable(props.sources),
        OTHER_STATUSES_EVERY_MS: String(everyMs(settings.otherStatusesEvery)),
        LOOK_BACK_MS: String(everyMs(settings.lookBack)),
        REQUESTS_IN_FLIGHT: String(settings.requests.inFlight),
        REQUESTS_PER_SECOND: String(settings.requests.perSecond),
        ...(settings.api === 'v1' && { LIST_API: settings.api }),
        ...(settings.opts.length > 0 && { READ_OPTS: settings.opts.join(',') }),
      },
    });
    new Schedule(this, 'Schedule', {
      schedule: ScheduleExpression.expression(rateExpression(settings.every)),
      target: new LambdaInvoke(this.function, { retryAttempts: 0 }),
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
