import {
  CloudFormationClient,
  DescribeStacksCommand,
  type Output,
} from '@aws-sdk/client-cloudformation';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';

import { createBatchBook } from '../../shared/coverage/dynamo-batch-book.ts';
import { awsClientLimits } from '../../shared/platform/aws-client.ts';
import type { Environment } from '../../shared/platform/env.ts';
import { readSecretsManager } from '../../shared/platform/secret.ts';
import { CommandFailure } from '../failure.ts';
import type { Place, Target } from '../target.ts';
import { awsFailure } from './aws-failure.ts';
import { createScaleClient, scaleUrlOf, usableKey } from './scale-client.ts';

type StackPlace = Extract<Place, { kind: 'stack' }>;

type ClientSettings = ReturnType<typeof clientSettings>;

/** A deployed mirror, found by its stack's outputs with the caller's AWS credentials. */
export async function openDeployed(
  place: StackPlace,
  env: Environment,
  tell: (line: string) => void,
): Promise<Target> {
  const settings = clientSettings(place);
  const ownKey = usableKey(env['SCALE_API_KEY'], 'SCALE_API_KEY');
  const scaleUrl = scaleUrlOf(env);
  const outputs = await readOutputs(settings, place.stack);
  const secretName = outputOf(outputs, 'ApiKeySecretName', place.stack);
  const tableName = outputOf(outputs, 'MirrorStateTableName', place.stack);
  const key = ownKey ?? (await readKey(settings, secretName));
  const client = new DynamoDBClient(settings);
  return {
    api: createScaleClient({ url: scaleUrl, key, tell }),
    scaleUrl,
    book: createBatchBook({ client, tableName }),
    keyAdvice:
      ownKey === undefined
        ? `the key is that of the secret ${secretName}: fill it with one of your Scale account`
        : 'the key is that of SCALE_API_KEY: set it to one of your Scale account, or unset it to use the secret of the stack',
    close: () => {
      client.destroy();
    },
  };
}

function clientSettings({ region, profile }: StackPlace) {
  return { ...awsClientLimits, ...(region && { region }), ...(profile && { profile }) };
}

async function readOutputs(settings: ClientSettings, stack: string): Promise<readonly Output[]> {
  const client = new CloudFormationClient(settings);
  try {
    const { Stacks = [] } = await client.send(new DescribeStacksCommand({ StackName: stack }));
    return Stacks[0]?.Outputs ?? [];
  } catch (error) {
    throw awsFailure(error, `the stack ${stack} could not be read`);
  } finally {
    client.destroy();
  }
}

function outputOf(outputs: readonly Output[], name: string, stack: string): string {
  const value = outputs.find(({ OutputKey }) => OutputKey === name)?.OutputValue;
  if (value !== undefined) return value;
  throw new CommandFailure('no-stack', `the stack ${stack} has no output ${name}`, {
    hint: 'is it a Scale Task Mirror, deployed to the end? Its usual name is ScaleTaskMirror',
  });
}

async function readKey(settings: ClientSettings, secretName: string): Promise<string> {
  const client = new SecretsManagerClient(settings);
  let key: string | undefined;
  try {
    key = await readSecretsManager(client, secretName)();
  } catch (error) {
    throw awsFailure(error, `the secret ${secretName} could not be read`);
  } finally {
    client.destroy();
  }
  const usable = usableKey(key, `the secret ${secretName}`);
  if (usable !== undefined) return usable;
  throw new CommandFailure('no-key', `the secret ${secretName} has not been filled`, {
    hint: 'fill it by "aws secretsmanager put-secret-value", or set SCALE_API_KEY',
  });
}
