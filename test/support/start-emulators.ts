import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { RECORD_FOLDER } from './aws-calls/record.ts';

declare global {
  // Held for the teardown, which runs in the same process.
  var emulators: { close: () => Promise<void> }[];
}

/**
 * One DynamoDB and one SQS/S3 for the whole run, in the process that starts the tests. Test files find
 * them by AWS's own variables and make tables, queues and buckets of their own.
 */
export default async function startEmulators(): Promise<void> {
  const { openDynalite } = await import('../../local/emulators/dynalite-store.ts');
  const { startAws } = await import('../../local/emulators/aws.ts');
  const { listen } = await import('../../local/listen.ts');
  const dynamodb = await listen(openDynalite(undefined).server, 0, 'DYNAMODB_PORT');
  const aws = await startAws({
    port: 0,
    path: undefined,
    queues: new Map(),
    bucket: 'bodies',
    secrets: new Map([['full', 'a-secret']]),
    metrics: () => ({}),
    takeEvents: () => undefined,
    invoke: () => Promise.reject(new Error('no functions here')),
  });
  globalThis.emulators = [dynamodb, aws];
  Object.assign(process.env, {
    [RECORD_FOLDER]: await mkdtemp(join(tmpdir(), 'mirror-calls-')),
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_ENDPOINT_URL: aws.url,
    AWS_ENDPOINT_URL_DYNAMODB: dynamodb.url,
  });
}
