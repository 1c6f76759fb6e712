import { Duration } from 'aws-cdk-lib';
import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import { EventBus } from 'aws-cdk-lib/aws-events';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { EventSourceMapping, FilterCriteria, StartingPosition } from 'aws-cdk-lib/aws-lambda';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';

import { HEAD_RECORD } from '../../shared/tasks/head-item.ts';
import { MirrorFunction } from './mirror-function.ts';
import { encryptedQueue } from './task-queue.ts';

export interface ChangesProps {
  readonly tasks: Table;
  readonly mirrorState: Table;
  /** Of the failures. */
  readonly key: IKey | undefined;
}

/** Records of one call; ten calls of EventBridge, which take a second or two. */
const BATCH_SIZE = 100;

/**
 * Calls at once for each shard of `Tasks`. A new table has about four shards, and a full call takes up to a second: by one call
 * each 400 events a second go out for certain, by four 1,600, which is more than callbacks are let in. Lambda keeps the order of
 * each item (its docs, "Using Lambda with Amazon DynamoDB"), and a task's head is one item. More would only meet
 * EventBridge's own rate.
 */
const CALLS_PER_SHARD = 4;

/** DynamoDB drops a record after 24 hours: before that its position goes to the failures. */
const MAX_RECORD_AGE = Duration.hours(23);

/**
 * So many tries that the age ends them: most failures are EventBridge's or ours to mend, not a record's. A record that
 * is at fault itself the function hands over by itself.
 */
const RETRY_ATTEMPTS = 10_000;

/** The filter of a mapping: what does not match costs no call. */
type Filter = Readonly<Record<string, unknown>>;

/** Heads that were written. Documents, and heads that are removed, make no event. */
const HEADS: Filter = {
  eventName: ['INSERT', 'MODIFY'],
  dynamodb: { Keys: { record: { S: [HEAD_RECORD] } } },
};

/** Followed batches that were found completed. */
const COMPLETED_BATCHES: Filter = {
  eventName: ['INSERT', 'MODIFY'],
  dynamodb: {
    Keys: { scope: { S: ['batches'] } },
    NewImage: { status: { S: ['completed'] } },
  },
};

/** Step 3: tells others what has changed, from the streams of both tables to an event bus of its own. */
export class Changes extends Construct {
  readonly function: MirrorFunction;
  readonly eventBus: EventBus;
  /** Positions of records that were not published. */
  readonly failures: Queue;

  constructor(scope: Construct, id: string, { tasks, mirrorState, key }: ChangesProps) {
    super(scope, id);
    this.eventBus = new EventBus(this, 'Events');
    this.failures = new Queue(this, 'ChangesFailures', {
      ...encryptedQueue(key),
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
    });
    this.function = new MirrorFunction(this, 'Function', {
      folder: 'changes',
      memorySizeMb: 256,
      timeout: Duration.seconds(120),
      environment: {
        TASKS_TABLE_NAME: tasks.tableName,
        EVENT_BUS_NAME: this.eventBus.eventBusName,
        CHANGES_FAILURES_URL: this.failures.queueUrl,
      },
    });
    const streams = [tasks, mirrorState].map(streamArnOf);
    const statements = [
      { actions: ['events:PutEvents'], resources: [this.eventBus.eventBusArn] },
      { actions: ['sqs:SendMessage'], resources: [this.failures.queueArn] },
      {
        actions: ['DescribeStream', 'GetRecords', 'GetShardIterator', 'ListStreams'].map(
          (action) => `dynamodb:${action}`,
        ),
        resources: streams,
      },
    ];
    for (const statement of statements) {
      this.function.addToRolePolicy(new PolicyStatement(statement));
    }
    this.readStream('TaskChanges', streamArnOf(tasks), HEADS, CALLS_PER_SHARD);
    this.readStream('BatchChanges', streamArnOf(mirrorState), COMPLETED_BATCHES, 1);
  }

  /** By hand, since CDK's own event source would let the function list all streams of the account. */
  private readStream(
    id: string,
    eventSourceArn: string,
    filter: Filter,
    parallelizationFactor: number,
  ): void {
    new EventSourceMapping(this, id, {
      target: this.function,
      eventSourceArn,
      // What was written between the deployment of the stream and that of the mapping is read as well.
      startingPosition: StartingPosition.TRIM_HORIZON,
      batchSize: BATCH_SIZE,
      maxBatchingWindow: Duration.seconds(1),
      parallelizationFactor,
      filters: [FilterCriteria.filter(filter)],
      reportBatchItemFailures: true,
      bisectBatchOnError: true,
      retryAttempts: RETRY_ATTEMPTS,
      maxRecordAge: MAX_RECORD_AGE,
      onFailure: { bind: () => ({ destination: this.failures.queueArn }) },
    });
  }
}

function streamArnOf({ tableStreamArn, node }: Table): string {
  if (tableStreamArn === undefined) throw new Error(`the table ${node.id} has no stream`);
  return tableStreamArn;
}
