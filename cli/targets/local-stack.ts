import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import * as v from 'valibot';

import { createBatchBook } from '../../shared/coverage/dynamo-batch-book.ts';
import { awsClientLimits } from '../../shared/platform/aws-client.ts';
import type { Environment } from '../../shared/platform/env.ts';
import { readSecretsManager } from '../../shared/platform/secret.ts';
import { CommandFailure } from '../failure.ts';
import type { Target } from '../target.ts';
import { createScaleClient, usableKey } from './scale-client.ts';

/** What the embedded stack says of itself. */
const stackUrls = v.object({
  dynamodbUrl: v.string(),
  awsUrl: v.string(),
  scaleApiUrl: v.string(),
});

/** The emulators take any credentials. */
const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
const aws = { ...awsClientLimits, region: 'us-east-1', credentials };

const DISCOVERY_TIMEOUT_MS = 5_000;

/** The stack that `npm start` runs on this machine, found by `AWS_PORT`. */
export async function openLocal(env: Environment, tell: (line: string) => void): Promise<Target> {
  const { dynamodbUrl, awsUrl, scaleApiUrl } = await discover(awsPort(env));
  const key = await readKey(awsUrl);
  const client = new DynamoDBClient({ ...aws, endpoint: dynamodbUrl });
  return {
    api: createScaleClient({ url: scaleApiUrl, key, tell }),
    scaleUrl: scaleApiUrl,
    book: createBatchBook({ client, tableName: 'MirrorState' }),
    keyAdvice: 'the key is that of the running stack: start it again with the right SCALE_API_KEY',
    close: () => {
      client.destroy();
    },
  };
}

function awsPort(env: Environment): number {
  const value = env['AWS_PORT'] ?? '4566';
  const port = Number(value);
  if (!/^\d{1,5}$/.test(value) || port < 1 || port > 65_535) {
    const message = `AWS_PORT must be the port that "npm start" has printed, not "${value}"`;
    throw new CommandFailure('usage', message);
  }
  return port;
}

async function discover(port: number): Promise<v.InferOutput<typeof stackUrls>> {
  const place = `127.0.0.1:${String(port)}`;
  try {
    const signal = AbortSignal.timeout(DISCOVERY_TIMEOUT_MS);
    const response = await fetch(`http://${place}/_stack`, { signal, redirect: 'error' });
    return v.parse(stackUrls, await response.json());
  } catch (cause) {
    throw new CommandFailure('no-stack', `no stack of "npm start" answers on ${place}`, {
      hint: 'run "npm start" first, or set AWS_PORT to the port that it has printed',
      cause,
    });
  }
}

async function readKey(awsUrl: string): Promise<string> {
  const client = new SecretsManagerClient({ ...aws, endpoint: awsUrl });
  try {
    const key = usableKey(await readSecretsManager(client, 'ApiKey')(), 'the running stack');
    if (key !== undefined) return key;
  } finally {
    client.destroy();
  }
  throw new CommandFailure('no-key', 'the running stack has no API key (callback-only mode)', {
    hint: 'start it again with SCALE_API_KEY set, or unset for the simulator',
  });
}
