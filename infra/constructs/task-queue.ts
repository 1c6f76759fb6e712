import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Queue, QueueEncryption, type QueueProps } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';

/** The longest that a call of the worker may take. */
export const WORKER_TIMEOUT = Duration.seconds(60);

/**
 * AWS asks for six times the function's timeout, so that a message is not delivered again while a
 * throttled batch is still being tried (Lambda docs, "Using Lambda with Amazon SQS").
 */
const VISIBILITY_TIMEOUTS = 6;

/** Failures of one message before it goes to the dead letters: half an hour of trouble. */
export const MAX_RECEIVE_COUNT = 5;

/** SQS keeps a message for at most 14 days. */
export const RETENTION = Duration.days(14);

const commonProps = {
  enforceSSL: true,
  retentionPeriod: RETENTION,
  // What it holds was acknowledged: it outlives the stack.
  removalPolicy: RemovalPolicy.RETAIN,
};

/** The one way in for callbacks and backfill, and where messages go that nobody could process. */
export class TaskQueue extends Construct {
  readonly queue: Queue;
  readonly deadLetterQueue: Queue;

  constructor(scope: Construct, id: string, key: IKey | undefined) {
    super(scope, id);
    const encrypted = encryptedQueue(key);
    this.deadLetterQueue = new Queue(this, 'TaskDeadLetters', { ...commonProps, ...encrypted });
    this.queue = new Queue(this, 'TaskQueue', {
      ...commonProps,
      ...encrypted,
      visibilityTimeout: Duration.seconds(WORKER_TIMEOUT.toSeconds() * VISIBILITY_TIMEOUTS),
      deadLetterQueue: { queue: this.deadLetterQueue, maxReceiveCount: MAX_RECEIVE_COUNT },
    });
  }
}

/** By the customer's key where there is one. A data key serves for five minutes, or each message would cost a call of KMS. */
export function encryptedQueue(
  key: IKey | undefined,
): Pick<QueueProps, 'encryption' | 'encryptionMasterKey' | 'dataKeyReuse'> {
  return key
    ? {
        encryption: QueueEncryption.KMS,
        encryptionMasterKey: key,
        dataKeyReuse: Duration.minutes(5),
      }
    : { encryption: QueueEncryption.SQS_MANAGED };
}
