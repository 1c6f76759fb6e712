import { Names } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
import type { CfnSecret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';

import { everyMs, type MirrorConfig } from '../../shared/platform/mirror-config.ts';
import { fieldsVariable } from './fields-variable.ts';
import { MirrorFunction } from './mirror-function.ts';
import { onlyScopes } from './only-scopes.ts';
import { grantReadSecret } from './secrets.ts';
import { MAX_RECEIVE_COUNT, WORKER_TIMEOUT } from './task-queue.ts';

export interface WorkerProps {
  readonly queue: Queue;
  readonly deadLetterQueue: Queue;
  readonly tasks: Table;
  readonly mirrorState: Table;
  readonly bodies: Bucket;
  readonly apiKey: CfnSecret;
  readonly order: MirrorConfig['order'];
  readonly history: MirrorConfig['history'];
  /** What is lifted out of documents into heads. */
  readonly fields: MirrorConfig['fields'];
  /** What tasks of v2 are read with; the same as backfill's. */
  readonly opts: readonly string[];
  readonly scaleApiUrl: string;
}

/** Ten messages a call; more would save almost nothing, since SQS receives and deletes in tens. */
const BATCH_SIZE = 10;

/** Calls at once. Bounds what the mirror asks of Scale and writes to one index partition; docs/scaling.md says what more would do. */
const MAX_CONCURRENCY = 10;

/** Step 2: decides what is newer and writes it. The only writer of `Tasks`. */
export class Worker extends Construct {
  readonly function: MirrorFunction;

  constructor(scope: Construct, id: string, props: WorkerProps) {
    super(scope, id);
    const { queue, deadLetterQueue, tasks, mirrorState, bodies, apiKey } = props;
    const { order, history, fields, opts, scaleApiUrl } = props;
    const worker = new MirrorFunction(this, 'Function', {
      folder: 'worker',
      // Ten bodies of 5.5 MB in one batch, parsed and compressed side by side, take 510 MB.
      memorySizeMb: 1_024,
      timeout: WORKER_TIMEOUT,
      environment: {
        TASKS_TABLE_NAME: tasks.tableName,
        MIRROR_STATE_TABLE_NAME: mirrorState.tableName,
        TASK_QUEUE_URL: queue.queueUrl,
        TASK_DEAD_LETTERS_URL: deadLetterQueue.queueUrl,
        MAX_RECEIVE_COUNT: String(MAX_RECEIVE_COUNT),
        BODIES_BUCKET_NAME: bodies.bucketName,
        API_KEY_SECRET_ID: apiKey.ref,
        SCALE_API_URL: scaleApiUrl,
        ...(history.expireAfter !== undefined && {
          HISTORY_MS: String(everyMs(history.expireAfter)),
        }),
        ...fieldsVariable(fields),
        ...(opts.length > 0 && { READ_OPTS: opts.join(',') }),
        ORDER_SETTLE_MS: String(order.settleMs),
        ORDER_SKEW_MS: String(order.skewMs),
      },
    });
    this.function = worker;
    this.readQueue(queue);
    grantReadSecret(apiKey, worker);
    const statements = [
      {
        actions: ['sqs:SendMessage'],
        resources: [queue.queueArn, deadLetterQueue.queueArn],
      },
      {
        actions: [
          ...['BatchGetItem', 'GetItem', 'Query', 'PutItem', 'UpdateItem', 'DeleteItem'],
          // Of BatchExecuteStatement each statement needs its own.
          'PartiQLInsert',
        ].map((action) => `dynamodb:${action}`),
        resources: [tasks.tableArn],
      },
      {
        // Resume points and leases are backfill's alone. A former name is looked for among all entries.
        actions: ['dynamodb:GetItem', 'dynamodb:Query'],
        resources: [mirrorState.tableArn],
        conditions: onlyScopes('directory#project', 'directory#batch'),
      },
      {
        actions: ['dynamodb:PutItem'],
        resources: [mirrorState.tableArn],
        conditions: onlyScopes('directory#project', 'directory#batch', 'batches'),
      },
      {
        actions: ['s3:PutObject'],
        resources: ['documents/*', 'unrecognised/*'].map((keys) => bodies.arnForObjects(keys)),
      },
      {
        actions: ['s3:GetObject'],
        resources: ['documents/*', 'inbox/*'].map((keys) => bodies.arnForObjects(keys)),
      },
      { actions: ['s3:DeleteObject'], resources: [bodies.arnForObjects('inbox/*')] },
      // Without it S3 answers 403, not 404, for a body that has left the inbox.
      { actions: ['s3:ListBucket'], resources: [bodies.bucketArn] },
    ];
    for (const statement of statements) worker.addToRolePolicy(new PolicyStatement(statement));
  }

  /**
   * By hand, since CDK's own event source lets the function change visibilities and look up the queue's URL, which
   * nobody does. With the id that it would give: a mapping of another id cannot be created while the old one is there.
   */
  private readQueue(queue: Queue): void {
    this.function.addEventSourceMapping(`SqsEventSource:${Names.nodeUniqueId(queue.node)}`, {
      eventSourceArn: queue.queueArn,
      batchSize: BATCH_SIZE,
      maxConcurrency: MAX_CONCURRENCY,
      reportBatchItemFailures: true,
    });
    this.function.addToRolePolicy(
      new PolicyStatement({
        actions: ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'],
        resources: [queue.queueArn],
      }),
    );
  }
}
