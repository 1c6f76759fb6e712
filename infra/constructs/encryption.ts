import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { type IKey, Key } from 'aws-cdk-lib/aws-kms';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';

/** What the services ask of the caller's permissions, by the key management pages of their guides. */
const ACTIONS = [
  // DynamoDB, for tables; SQS and S3 take two of them.
  ...['Decrypt', 'DescribeKey', 'Encrypt', 'GenerateDataKey', 'GenerateDataKeyWithoutPlaintext'],
  ...['ReEncryptFrom', 'ReEncryptTo'],
].map((action) => `kms:${action}`);

const SERVICES = ['dynamodb', 's3', 'secretsmanager', 'sqs'];

/**
 * The key of the customer's own that encrypts what the mirror keeps, where the configuration asks for one; without it
 * the services encrypt with keys of AWS, which cost nothing.
 */
export class Encryption extends Construct {
  /** Of tables, bucket, queues and secrets. */
  readonly key: IKey | undefined;
  /**
   * Of logs and of the alarm topic, which hold no data of tasks. Services of AWS write these by themselves, and
   * must be named in the key's policy: only that of a key made here is ours to write.
   */
  readonly keyOfServices: Key | undefined;

  /** @param encryptionKey `create`, the ARN of a key, or nothing. */
  constructor(scope: Construct, id: string, encryptionKey: string | undefined) {
    super(scope, id);
    if (encryptionKey === 'create') this.keyOfServices = this.createKey();
    this.key =
      encryptionKey === undefined || this.keyOfServices !== undefined
        ? this.keyOfServices
        : Key.fromKeyArn(this, 'Given', encryptionKey);
  }

  /** Kept when the stack goes: what it has encrypted is kept too. */
  private createKey(): Key {
    const { account, region } = Stack.of(this);
    const key = new Key(this, 'Key', {
      description: 'Scale Task Mirror: encrypts tables, bodies, queues, secrets, logs and alarms',
      enableKeyRotation: true,
      removalPolicy: RemovalPolicy.RETAIN,
    });
    const lend = (service: string, actions: string[], conditions: object): void => {
      const principals = [new ServicePrincipal(service)];
      const statement = { principals, actions, resources: ['*'], conditions: { ...conditions } };
      key.addToResourcePolicy(new PolicyStatement(statement));
    };
    lend('cloudwatch.amazonaws.com', ['kms:Decrypt', 'kms:GenerateDataKey'], {
      StringEquals: { 'aws:SourceAccount': account },
    });
    const logs = Stack.of(this).formatArn({ service: 'logs', resource: 'log-group:*' });
    lend(`logs.${region}.amazonaws.com`, ACTIONS, {
      ArnLike: { 'kms:EncryptionContext:aws:logs:arn': logs },
    });
    return key;
  }

  /** Lets a function work with what the key encrypts, through the services that hold it and in no other way. */
  grantTo(...functions: readonly IFunction[]): void {
    if (this.key === undefined) return;
    const { region } = Stack.of(this);
    const services = SERVICES.map((service) => `${service}.${region}.amazonaws.com`);
    for (const one of functions) {
      one.addToRolePolicy(
        new PolicyStatement({
          actions: ACTIONS,
          resources: [this.key.keyArn],
          conditions: { StringEquals: { 'kms:ViaService': services } },
        }),
      );
    }
  }
}
