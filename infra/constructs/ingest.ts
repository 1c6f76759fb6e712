import { Duration } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
import type { CfnSecret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';

import { MirrorFunction } from './mirror-function.ts';
import { grantReadSecret } from './secrets.ts';

export interface IngestProps {
  readonly queue: Queue;
  readonly bodies: Bucket;
  readonly callbackKeys: CfnSecret;
}

/** Step 1: authenticates a callback and makes its bytes durable. */
export class Ingest extends Construct {
  readonly function: MirrorFunction;

  constructor(scope: Construct, id: string, { queue, bodies, callbackKeys }: IngestProps) {
    super(scope, id);
    this.function = new MirrorFunction(this, 'Function', {
      folder: 'ingest',
      start: 'functions/ingest/start.mjs',
      lazy: {
        '#body-store': 'shared/documents/body-store.ts',
        '#connections': 'functions/ingest/connections.ts',
      },
      memorySizeMb: 256,
      // API Gateway gives up after 30 s.
      timeout: Duration.seconds(29),
      environment: {
        TASK_QUEUE_URL: queue.queueUrl,
        BODIES_BUCKET_NAME: bodies.bucketName,
        CALLBACK_KEYS_SECRET_ID: callbackKeys.ref,
      },
    });
    grantReadSecret(callbackKeys, this.function);
    this.function.addToRolePolicy(
      new PolicyStatement({ actions: ['sqs:SendMessage'], resources: [queue.queueArn] }),
    );
    this.function.addToRolePolicy(
      new PolicyStatement({
        actions: ['s3:PutObject'],
        resources: [bodies.arnForObjects('inbox/*')],
      }),
    );
  }
}
