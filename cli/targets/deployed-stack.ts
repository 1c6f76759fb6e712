import {
  CloudFormationClient,
  DescribeStacksCommand,
  type Output,
} from '@aws-sdk/client-cloudformation';

import { awsClientLimits } from '../../shared/platform/aws-client.ts';
import type { Environment } from '../../shared/platform/env.ts';
import { CommandFailure } from '../failure.ts';
import type { Place, Target } from '../target.ts';
import { awsFailure } from './aws-failure.ts';
import type { ClientSettings } from './aws-place.ts';
import { openMirror } from './open-mirror.ts';
import { openScaleOf } from './own-key.ts';
import { mirrorResources } from './resources.ts';

type StackPlace = Extract<Place, { kind: 'stack' }>;

/** A deployed mirror, found by its stack's outputs with the caller's AWS credentials. */
export async function openDeployed(
  place: StackPlace,
  env: Environment,
  tell: (line: string) => void,
): Promise<Target> {
  const { stack, region, profile } = place;
  const settings = { ...(region && { region }), ...(profile && { profile }) };
  const outputs = await readOutputs(settings, stack);
  const mirror = openMirror({
    settings,
    lambdaEndpoint: env['AWS_ENDPOINT_URL_LAMBDA'] ?? env['AWS_ENDPOINT_URL'],
    nameOf: (resource) => outputOf(outputs, mirrorResources[resource].output, stack),
  });
  return { mirror, scale: () => openScaleOf(mirror, env, tell), close: mirror.close };
}

async function readOutputs(settings: ClientSettings, stack: string): Promise<readonly Output[]> {
  const client = new CloudFormationClient({ ...awsClientLimits, ...settings });
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
