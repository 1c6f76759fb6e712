import { Fn, RemovalPolicy } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { CfnSecret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';

/**
 * Two secrets, created without a value: neither a key nor a made-up one ever stands in a template. While
 * the callback keys are empty ingest answers 503, while the API key is empty there is no backfill.
 */
export class Secrets extends Construct {
  readonly callbackKeys: CfnSecret;
  readonly apiKey: CfnSecret;

  constructor(scope: Construct, id: string, key: IKey | undefined) {
    super(scope, id);
    const encrypted = key && { kmsKeyId: key.keyArn };
    this.callbackKeys = new CfnSecret(this, 'CallbackKeys', {
      ...encrypted,
      description:
        'Scale "Live Callback Auth Key"; several, separated by commas, while one is replaced',
    });
    this.apiKey = new CfnSecret(this, 'ApiKey', {
      ...encrypted,
      description: 'Scale API key, live_... or test_...; empty for callback-only mode',
    });
    for (const secret of [this.callbackKeys, this.apiKey]) {
      secret.applyRemovalPolicy(RemovalPolicy.RETAIN);
    }
  }
}

/** The name of a secret. Its reference is the ARN, which ends in `<logical id>-<random>-<six characters>`. */
export function secretName(secret: CfnSecret): string {
  const parts = Fn.split('-', Fn.select(6, Fn.split(':', secret.ref)));
  return Fn.join('-', [Fn.select(0, parts), Fn.select(1, parts)]);
}

/** Lets a function read one secret. The reference of a secret is its ARN. */
export function grantReadSecret(secret: CfnSecret, reader: IFunction): void {
  reader.addToRolePolicy(
    new PolicyStatement({ actions: ['secretsmanager:GetSecretValue'], resources: [secret.ref] }),
  );
}
