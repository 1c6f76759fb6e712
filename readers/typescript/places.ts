import * as v from 'valibot';

import { awsClientLimits } from '../../shared/platform/aws-client.ts';
import { NotNamedError } from './dependencies.ts';
import type { ClientSettings } from './open-mirror.ts';

export interface MirrorNames {
  readonly tasksTable: string;
  readonly mirrorStateTable: string | undefined;
  readonly bodiesBucket: string | undefined;
}

/** The names that the outputs of a stack say. */
export async function namesOfStack(
  StackName: string,
  settings: ClientSettings,
): Promise<MirrorNames> {
  const { CloudFormationClient, DescribeStacksCommand } =
    await import('@aws-sdk/client-cloudformation');
  const client = new CloudFormationClient({ ...awsClientLimits, ...settings });
  try {
    const { Stacks = [] } = await client.send(new DescribeStacksCommand({ StackName }));
    const outputs = Stacks[0]?.Outputs ?? [];
    const valueOf = (name: string): string => {
      const value = outputs.find(({ OutputKey }) => OutputKey === name)?.OutputValue;
      if (value !== undefined) return value;
      throw new NotNamedError(
        `the stack ${StackName} has no output ${name}: is it a Scale Task Mirror?`,
      );
    };
    return {
      tasksTable: valueOf('TasksTableName'),
      mirrorStateTable: valueOf('MirrorStateTableName'),
      bodiesBucket: valueOf('BodiesBucketName'),
    };
  } finally {
    client.destroy();
  }
}

/** What the embedded stack says of itself. */
const localPlaces = v.object({
  dynamodbUrl: v.string(),
  awsUrl: v.string(),
  names: v.object({ bodies: v.string() }),
});

const LOCAL_AWS_PORT = 4566;
const DISCOVERY_TIMEOUT_MS = 5_000;

/** The emulators take any credentials. */
const local = {
  region: 'us-east-1',
  credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
};

/** The stack that `npm start` runs on this machine. */
export async function namesOfLocal(port = LOCAL_AWS_PORT): Promise<{
  readonly names: MirrorNames;
  readonly dynamodbSettings: ClientSettings;
  readonly awsSettings: ClientSettings;
}> {
  const { dynamodbUrl, awsUrl, names } = await discover(port);
  return {
    names: { tasksTable: 'Tasks', mirrorStateTable: 'MirrorState', bodiesBucket: names.bodies },
    dynamodbSettings: { ...local, endpoint: dynamodbUrl },
    awsSettings: { ...local, endpoint: awsUrl },
  };
}

async function discover(port: number): Promise<v.InferOutput<typeof localPlaces>> {
  try {
    const signal = AbortSignal.timeout(DISCOVERY_TIMEOUT_MS);
    const response = await fetch(`http://127.0.0.1:${String(port)}/_stack`, {
      signal,
      redirect: 'error',
    });
    return v.parse(localPlaces, await response.json());
  } catch (cause) {
    const message = `no stack of "npm start" answers on port ${String(port)}: give the AWS_PORT that it has printed as local`;
    throw new NotNamedError(message, { cause });
  }
}
