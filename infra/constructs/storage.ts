import { RemovalPolicy } from 'aws-cdk-lib';
import {
  AttributeType,
  BillingMode,
  ProjectionType,
  StreamViewType,
  Table,
  TableEncryption,
} from 'aws-cdk-lib/aws-dynamodb';
import { BlockPublicAccess, Bucket, BucketEncryption } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';

const string = (name: string) => ({ name, type: AttributeType.STRING });

/** What survives everything: kept when the stack is removed, and protected from deletion. */
const keptForGood = {
  billingMode: BillingMode.PAY_PER_REQUEST,
  encryption: TableEncryption.DEFAULT,
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

  constructor(scope: Construct, id: string) {
    super(scope, id);
    this.tasks = this.createTasks();
    this.mirrorState = new Table(this, 'MirrorState', {
      partitionKey: string('scope'),
      sortKey: string('item'),
      // For the batches that have ended; only the stream sees all who write them.
      stream: StreamViewType.NEW_AND_OLD_IMAGES,
      // Set on what is of use for some days alone: the ledgers of ranges that were asked for by hand.
      timeToLiveAttribute: 'expiresAt',
      ...keptForGood,
    });
    this.bodies = new Bucket(this, 'Bodies', {
      encryption: BucketEncryption.S3_MANAGED,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      enforceSSL: true,
      removalPolicy: RemovalPolicy.RETAIN,
    });
  }

  /** Projections are small on purpose: an index that holds everything doubles the price of a write. */
  private createTasks(): Table {
    const tasks = new Table(this, 'Tasks', {
      partitionKey: string('taskId'),
      sortKey: string('record'),
      stream: StreamViewType.NEW_AND_OLD_IMAGES,
      // Set by the worker on superseded documents alone, and only where the configuration says so.
      timeToLiveAttribute: 'expiresAt',
      ...keptForGood,
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
