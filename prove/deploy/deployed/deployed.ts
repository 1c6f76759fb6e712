import type { CreateTableCommandInput } from '@aws-sdk/client-dynamodb';

import type { Clients } from './clients.ts';
import { type DeployedRoute, readRoutes } from './read-api.ts';
import { type DeployedFunction, readFunctions } from './read-functions.ts';
import { type DeployedMappings, readMappings } from './read-mappings.ts';
import { type DeployedSchedule, readSchedules } from './read-schedules.ts';
import { type DeployedStack, ofType } from './read-stack.ts';
import { type DeployedQueue, readQueues, readTables } from './read-storage.ts';

/** All of a deployed stack that is needed to run it, as the services describe it. */
export interface Deployed {
  readonly stack: DeployedStack;
  readonly functions: readonly DeployedFunction[];
  /** Of the one HTTP API. */
  readonly apiId: string;
  readonly routes: readonly DeployedRoute[];
  readonly mappings: DeployedMappings;
  readonly schedules: readonly DeployedSchedule[];
  readonly queues: readonly DeployedQueue[];
  readonly tables: readonly CreateTableCommandInput[];
  readonly bucket: string;
  /** ARNs. */
  readonly secrets: readonly string[];
}

export async function readDeployed(
  awsUrl: string,
  clients: Clients,
  stack: DeployedStack,
): Promise<Deployed> {
  const apiId = theOne(stack, 'AWS::ApiGatewayV2::Api');
  return {
    stack,
    functions: await readFunctions(clients.lambda, stack),
    apiId,
    routes: await readRoutes(awsUrl, apiId),
    mappings: await readMappings(clients.lambda),
    schedules: await readSchedules(clients.scheduler, stack),
    queues: await readQueues(clients.sqs, stack),
    tables: await readTables(clients.dynamodb, stack),
    bucket: theOne(stack, 'AWS::S3::Bucket'),
    secrets: ofType(stack, 'AWS::SecretsManager::Secret').map(({ physicalId }) => physicalId),
  };
}

function theOne(stack: DeployedStack, type: string): string {
  const [one, ...others] = ofType(stack, type);
  if (one === undefined || others.length > 0) throw new Error(`the stack has not one ${type}`);
  return one.physicalId;
}
