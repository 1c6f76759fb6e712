import { RemovalPolicy } from 'aws-cdk-lib';
import {
  AttributeType,
  BillingMode,
  ProjectionType,
  StreamViewType,
  Table,
  TableEncryption,
  type TableProps,
} from 'aws-cdk-lib/aws-dynamodb';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { BlockPublicAccess, Bucket, BucketEncryption } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';

const string = (name: string) => ({ name, type: AttributeType.STRING });

/** What survives everything: kept when the stack is removed, and protected from deletion. */
const keptForGood = {
  billingMode: BillingMode.PAY_PER_REQUEST,
  pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
  deletionProtection: true,
  removalPolicy: RemovalPolicy.RETAIN,
};

/** The mirror's memory: heads and documents, resume points, and bodies too big for either. */
export class Storage extends Construct {
  readonly tasks: Table;
  /** Names of the indexes of `tasks`. */
  readonly indexes: readonly string[] = ['byBatch', 'byProject', 'changes'];
  readonly mirrorState: Table;
  readonly bodies: Bucket;

  constructor(scope: Construct, id: string, key: IKey | undefined) {
    super(scope, id);
    const encrypted = encryptedBy(key);
    this.tasks = this.createTasks(encrypted);
    this.mirrorState = new Table(this, 'MirrorState', {
      partitionKey: string('scope'),
      sortKey: string('item'),
      // For the batches that have ended; only the stream sees all who write them.
      stream: StreamViewType.NEW_AND_OLD_IMAGES,
      // Set on what is of use for some days alone: the ledgers of ranges that were asked for by hand.
      timeToLiveAttribute: 'expiresAt',
      ...keptForGood,
      ...encrypted,
    });
    this.bodies = new Bucket(this, 'Bodies', {
      ...(key
        ? // Without a key of the bucket each object costs a call of KMS.
          { encryption: BucketEncryption.KMS, encryptionKey: key, bucketKeyEnabled: true }
        : { encryption: BucketEncryption.S3_MANAGED }),
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      enforceSSL: true,
      removalPolicy: RemovalPolicy.RETAIN,
    });
  }

  /** Projections are small on purpose: an index that holds everything doubles the price of a write. */
  private createTasks(encrypted: ReturnType<typeof encryptedBy>): Table {
    const tasks = new Table(this, 'Tasks', {
      partitionKey: string('taskId'),
      sortKey: string('record'),
      stream: StreamViewType.NEW_AND_OLD_IMAGES,
      // Set by the worker on superseded documents alone, and only where the configuration says so.
      timeToLiveAttribute: 'expiresAt',
      ...keptForGood,
      ...encrypted,
    });
    // `fields` costs nothing in a head without any, and an index cannot be given more later.
    const facts = ['status', 'completedAt', 'reviewStatus', 'current', 'fields'];
    for (const name of ['batch', 'project']) {
      tasks.addGlobalSecondaryIndex({
        indexName: name === 'batch' ? 'byBatch' : 'byProject',
        partitionKey: string(name),
        sortKey: string('statusTime'),
        projectionType: ProjectionType.INCLUDE,
        nonKeyAttributes: facts,
      });
    }
    tasks.addGlobalSecondaryIndex({
      indexName: 'changes',
      partitionKey: string('project'),
      sortKey: string('changedAt'),
      projectionType: ProjectionType.INCLUDE,
      nonKeyAttributes: ['status', 'revision', 'current'],
    });
    return tasks;
  }
}

function encryptedBy(key: IKey | undefined): Pick<TableProps, 'encryption' | 'encryptionKey'> {
  return key
    ? { encryption: TableEncryption.CUSTOMER_MANAGED, encryptionKey: key }
    : { encryption: TableEncryption.DEFAULT };
}
