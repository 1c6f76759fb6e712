import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

import * as v from 'valibot';

const told = v.object({ sqsUrl: v.string(), secretsUrl: v.string(), dynamodbUrl: v.string() });

export interface AwsStandIn {
  /** Where the SDK finds the services, as the variables of a function. */
  readonly endpoints: Readonly<Record<string, string>>;
  readonly queueUrl: string;
  readonly stop: () => void;
}

/** Starts {@link file://./aws-stand-in.ts} in a process of its own. */
export async function startStandIn(): Promise<AwsStandIn> {
  const child = fork(join(import.meta.dirname, 'aws-stand-in.ts'));
  child.send('start');
  const first: unknown[] = await once(child, 'message');
  const { sqsUrl, secretsUrl, dynamodbUrl } = v.parse(told, first[0]);
  return {
    endpoints: {
      AWS_ENDPOINT_URL_SQS: sqsUrl,
      AWS_ENDPOINT_URL_SECRETS_MANAGER: secretsUrl,
      AWS_ENDPOINT_URL_DYNAMODB: dynamodbUrl,
    },
    queueUrl: `${sqsUrl}/000000000000/TaskQueue`,
    stop: () => {
      child.disconnect();
    },
  };
}
