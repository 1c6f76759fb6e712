import {
  type CreateTableCommandInput,
  DescribeTableCommand,
  type DynamoDBClient,
} from '@aws-sdk/client-dynamodb';
import { GetQueueAttributesCommand, type SQSClient } from '@aws-sdk/client-sqs';
import * as v from 'valibot';

import { tableInput } from '../../../local/resource-settings.ts';
import { type DeployedStack, ofType } from './read-stack.ts';

export interface DeployedQueue {
  readonly name: string;
  readonly url: string;
  readonly arn: string;
  /** Those that the queues here are to have. */
  readonly attributes: Readonly<Record<string, string>>;
}

const ATTRIBUTES = [
  'VisibilityTimeout',
  'MessageRetentionPeriod',
  'DelaySeconds',
  'RedrivePolicy',
] as const;

/** The queues of the stack, those first that others name for their dead letters. */
export async function readQueues(
  client: SQSClient,
  stack: DeployedStack,
): Promise<DeployedQueue[]> {
  const queues = await Promise.all(
    ofType(stack, 'AWS::SQS::Queue').map(async ({ physicalId: url }) => {
      const { Attributes = {} } = await client.send(
        new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ['All'] }),
      );
      const attributes = ATTRIBUTES.flatMap((name) => {
        const value = Attributes[name];
        return value === undefined ? [] : [[name, value] as const];
      });
      const arn = Attributes.QueueArn ?? '';
      return { name: nameOf(arn), url, arn, attributes: Object.fromEntries(attributes) };
    }),
  );
  const redrives = ({ attributes }: DeployedQueue): number =>
    'RedrivePolicy' in attributes ? 1 : 0;
  return queues.sort((one, other) => redrives(one) - redrives(other));
}

/** The last part of a queue's ARN or URL. */
export function nameOf(arnOrUrl: string): string {
  return /[^:/]*$/.exec(arnOrUrl)?.[0] ?? '';
}

/** The tables of the stack, as calls that create the same. */
export async function readTables(
  client: DynamoDBClient,
  stack: DeployedStack,
): Promise<CreateTableCommandInput[]> {
  return Promise.all(
    ofType(stack, 'AWS::DynamoDB::Table').map(async ({ logicalId, type, physicalId }) => {
      const { Table } = await client.send(new DescribeTableCommand({ TableName: physicalId }));
      const indexes = Table?.GlobalSecondaryIndexes ?? [];
      const properties = v.parse(v.record(v.string(), v.unknown()), {
        ...Table,
        GlobalSecondaryIndexes: indexes.length === 0 ? undefined : indexes,
      });
      return tableInput({ logicalId, type, name: physicalId, properties, assetPath: undefined });
    }),
  );
}
