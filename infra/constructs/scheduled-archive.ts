import { Duration } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';

import { runBySchedule } from './function-schedule.ts';
import { MirrorFunction } from './mirror-function.ts';
import { RETENTION } from './task-queue.ts';

export interface ScheduledArchiveProps {
  readonly deadLetterQueue: Queue;
  readonly bodies: Bucket;
}

/** So long before SQS would drop it a dead letter is archived: time for some fifty runs, should one fail. */
const MARGIN = Duration.days(2);

/** Hourly, so that its count is never old; a run that finds nothing takes three seconds. */
const EVERY = 'rate(1 hour)';

/** Moves dead letters to the bucket before SQS drops them. A failed run is done again by the next. */
export class ScheduledArchive extends Construct {
  readonly function: MirrorFunction;

  constructor(scope: Construct, id: string, { deadLetterQueue, bodies }: ScheduledArchiveProps) {
    super(scope, id);
    this.function = new MirrorFunction(this, 'Function', {
      folder: 'archive-dead-letters',
      memorySizeMb: 256,
      timeout: Duration.minutes(15),
      retryAttempts: 0,
      environment: {
        TASK_DEAD_LETTERS_URL: deadLetterQueue.queueUrl,
        BODIES_BUCKET_NAME: bodies.bucketName,
        ARCHIVE_AFTER_MS: String(RETENTION.toMilliseconds() - MARGIN.toMilliseconds()),
      },
    });
    runBySchedule(this, 'ArchiveSchedule', { target: this.function, expression: EVERY });
    const statements = [
      {
        actions: ['ReceiveMessage', 'DeleteMessage', 'ChangeMessageVisibility'].map(
          (action) => `sqs:${action}`,
        ),
        resources: [deadLetterQueue.queueArn],
      },
      { actions: ['s3:PutObject'], resources: [bodies.arnForObjects('dead-letters/*')] },
      { actions: ['s3:ListBucket'], resources: [bodies.bucketArn] },
    ];
    for (const statement of statements) {
      this.function.addToRolePolicy(new PolicyStatement(statement));
    }
  }
}
