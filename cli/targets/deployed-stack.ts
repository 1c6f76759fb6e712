import {
  CloudFormationClient,
  DescribeStacksCommand,
  type Output,
  paginateListStackResources,
} from '@aws-sdk/client-cloudformation';

import { awsClientLimits } from '../../shared/platform/aws-client.ts';
import type { Environment } from '../../shared/platform/env.ts';
import { CommandFailure } from '../failure.ts';
import type { Voice } from '../output.ts';
import type { Place, Target } from '../target.ts';
import { awsFailure } from './aws-failure.ts';
import type { Watch } from '../mirror.ts';
import type { ClientSettings } from './aws-place.ts';
import type { Clients } from './clients.ts';
import { openMirror } from './open-mirror.ts';
import { workerFields } from './worker-fields.ts';
import { openScaleOf } from './own-key.ts';
import { accessBy, scaleUrlOf } from './scale-client.ts';
import { mirrorResources } from './resources.ts';

type StackPlace = Extract<Place, { kind: 'stack' }>;

/** A deployed mirror, found by its stack's outputs with the caller's AWS credentials. */
export async function openDeployed(
  place: StackPlace,
  env: Environment,
  voice: Voice,
): Promise<Target> {
  const { stack, region, profile } = place;
  const settings = { ...(region && { region }), ...(profile && { profile }) };
  const outputs = await readOutputs(settings, stack);
  const mirror = openMirror({
    trace: voice.trace,
    settings,
    watch: (clients) => openWatch(settings, stack, clients),
    fields: (clients) =>
      workerFields(clients, outputOf(outputs, mirrorResources.worker.output, stack)),
    nameOf: (resource) => outputOf(outputs, mirrorResources[resource].output, stack),
  });
  return {
    mirror,
    scale: () => openScaleOf(mirror, env, voice),
    scaleBy: (key) => accessBy(key, scaleUrlOf(env), voice),
    close: mirror.close,
  };
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

/** Schedules and alarms by their kinds: whatever a later version adds is in. */
async function openWatch(
  settings: ClientSettings,
  StackName: string,
  { scheduler, cloudWatch, sns, lambda }: Clients,
): Promise<Watch> {
  const client = new CloudFormationClient({ ...awsClientLimits, ...settings });
  const [schedules, alarms]: [string[], string[]] = [[], []];
  try {
    for await (const page of paginateListStackResources({ client }, { StackName })) {
      for (const { ResourceType, PhysicalResourceId: id } of page.StackResourceSummaries ?? []) {
        if (id === undefined) continue;
        if (ResourceType === 'AWS::Scheduler::Schedule') schedules.push(id);
        if (ResourceType === 'AWS::CloudWatch::Alarm') alarms.push(id);
      }
    }
  } finally {
    client.destroy();
  }
  const { awsWatch } = await import('./aws-watch.ts');
  const clients = {
    scheduler: await scheduler(),
    cloudWatch: await cloudWatch(),
    sns: await sns(),
    lambda: await lambda(),
  };
  return awsWatch({ ...clients, schedules, alarms });
}

function outputOf(outputs: readonly Output[], name: string, stack: string): string {
  const value = outputs.find(({ OutputKey }) => OutputKey === name)?.OutputValue;
  if (value !== undefined) return value;
  throw new CommandFailure('no-stack', `the stack ${stack} has no output ${name}`, {
    hint: 'is it a Scale Task Mirror, deployed to the end? Its usual name is ScaleTaskMirror',
  });
}
