import { Duration } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';

import { everyMs, type MirrorConfig } from '../../shared/platform/mirror-config.ts';
import { onlyScopes } from './only-scopes.ts';
import { runBySchedule } from './function-schedule.ts';
import { MirrorFunction } from './mirror-function.ts';
import { grantReadSecret } from './secrets.ts';
import { type Reading, walkEnvironment, type WalkProps } from './walk-environment.ts';

export interface ScheduledReconcileProps extends WalkProps {
  /** How often each source is compared. */
  readonly every: string;
  readonly order: MirrorConfig['order'];
  /** How backfill asks: reconcile asks for the same, or every task would differ. */
  readonly reading: Reading;
}

/** How soon a source that takes more than one invocation is gone on with. */
const LOOK_EVERY = 'rate(15 minutes)';

/**
 * Compares all of every source with Scale, and has the worker settle what is not equal. The schedule comes
 * often and the function itself knows what is due, since a large source takes several invocations. Of the
 * requests to Scale it takes half as many as backfill, which people wait for.
 */
export class ScheduledReconcile extends Construct {
  readonly function: MirrorFunction;

  constructor(scope: Construct, id: string, props: ScheduledReconcileProps) {
    super(scope, id);
    const { queue, mirrorState, tasks, bodies, apiKey, order, reading } = props;
    this.function = new MirrorFunction(this, 'Function', {
      folder: 'reconcile',
      // A million tasks take some hundred MB: their ids, and the report of those that differ.
      memorySizeMb: 1_024,
      timeout: Duration.minutes(15),
      retryAttempts: 0,
      environment: {
        ...walkEnvironment(props, { ...reading, requests: halfOf(reading.requests) }),
        RECONCILE_EVERY_MS: String(everyMs(props.every)),
        ORDER_SETTLE_MS: String(order.settleMs),
        ORDER_SKEW_MS: String(order.skewMs),
      },
    });
    runBySchedule(this, 'ReconcileSchedule', { target: this.function, expression: LOOK_EVERY });
    grantReadSecret(apiKey, this.function);
    const statements = [
      { actions: ['sqs:SendMessage'], resources: [queue.queueArn] },
      // What backfill has proven, the directory, and what it wrote itself.
      { actions: ['dynamodb:GetItem', 'dynamodb:Query'], resources: [mirrorState.tableArn] },
      {
        actions: ['dynamodb:PutItem'],
        resources: [mirrorState.tableArn],
        conditions: onlyScopes('lease', 'report'),
      },
      {
        actions: ['dynamodb:DeleteItem'],
        resources: [mirrorState.tableArn],
        conditions: onlyScopes('lease'),
      },
      { actions: ['dynamodb:BatchGetItem'], resources: [tasks.tableArn] },
      {
        actions: ['dynamodb:Query'],
        resources: ['byProject', 'byBatch'].map((index) => `${tasks.tableArn}/index/${index}`),
      },
      {
        actions: ['s3:GetObject', 's3:PutObject', 's3:DeleteObject'],
        resources: [bodies.arnForObjects('reconcile/*')],
      },
      {
        actions: ['s3:PutObject'],
        resources: ['inbox/*', 'reports/reconcile/*'].map((keys) => bodies.arnForObjects(keys)),
      },
      { actions: ['s3:ListBucket'], resources: [bodies.bucketArn] },
    ];
    for (const statement of statements) {
      this.function.addToRolePolicy(new PolicyStatement(statement));
    }
  }
}

function halfOf({ inFlight, perSecond }: Reading['requests']): Reading['requests'] {
  const half = (count: number): number => Math.max(1, Math.floor(count / 2));
  return { inFlight: half(inFlight), perSecond: half(perSecond) };
}
