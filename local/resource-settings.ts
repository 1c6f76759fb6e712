import type { CreateTableCommandInput } from '@aws-sdk/client-dynamodb';
import * as v from 'valibot';

import type { Resource, Template } from './template.ts';

/** What the emulators and hosts are told of the resources of the template. */

const keySchema = v.array(
  v.object({ AttributeName: v.string(), KeyType: v.picklist(['HASH', 'RANGE']) }),
);

const tableProperties = v.object({
  AttributeDefinitions: v.array(
    v.object({ AttributeName: v.string(), AttributeType: v.picklist(['S', 'N', 'B']) }),
  ),
  KeySchema: keySchema,
  GlobalSecondaryIndexes: v.optional(
    v.array(
      v.object({
        IndexName: v.string(),
        KeySchema: keySchema,
        Projection: v.object({
          ProjectionType: v.picklist(['ALL', 'INCLUDE', 'KEYS_ONLY']),
          NonKeyAttributes: v.optional(v.array(v.string())),
        }),
      }),
    ),
  ),
});

/** A table of the template as the call that creates it. */
export function tableInput({ name, properties }: Resource): CreateTableCommandInput {
  const { GlobalSecondaryIndexes, ...table } = v.parse(tableProperties, properties);
  return {
    TableName: name,
    BillingMode: 'PAY_PER_REQUEST',
    ...table,
    ...(GlobalSecondaryIndexes && {
      GlobalSecondaryIndexes: GlobalSecondaryIndexes.map(({ Projection, ...index }) => ({
        ...index,
        Projection: {
          ProjectionType: Projection.ProjectionType,
          ...(Projection.NonKeyAttributes && { NonKeyAttributes: Projection.NonKeyAttributes }),
        },
      })),
    }),
  };
}

const reference = v.object({ Ref: v.string() });

const functionProperties = v.object({
  Timeout: v.number(),
  MemorySize: v.number(),
  Environment: v.object({ Variables: v.record(v.string(), v.union([v.string(), reference])) }),
});

/** A function's timeout, memory and variables, with `resolve` for references to other resources. */
export function functionSettings(
  { properties }: Resource,
  resolve: (logicalId: string) => string,
): {
  readonly timeoutMs: number;
  readonly memoryMb: number;
  readonly variables: Record<string, string>;
} {
  const { Timeout, MemorySize, Environment } = v.parse(functionProperties, properties);
  const variables = Object.entries(Environment.Variables).map(([name, value]) => [
    name,
    typeof value === 'string' ? value : resolve(value.Ref),
  ]);
  return {
    timeoutMs: Timeout * 1_000,
    memoryMb: MemorySize,
    variables: v.parse(v.record(v.string(), v.string()), Object.fromEntries(variables)),
  };
}

const queueProperties = v.object({
  MessageRetentionPeriod: v.optional(v.number()),
  VisibilityTimeout: v.optional(v.number()),
  RedrivePolicy: v.optional(v.object({ maxReceiveCount: v.number() })),
});

/** The attributes of a queue, with the dead letters' ARN where it has any. */
export function queueAttributes(
  { properties }: Resource,
  deadLetterTargetArn: string,
): Record<string, string> {
  const { MessageRetentionPeriod, VisibilityTimeout, RedrivePolicy } = v.parse(
    queueProperties,
    properties,
  );
  return {
    ...(MessageRetentionPeriod !== undefined && {
      MessageRetentionPeriod: String(MessageRetentionPeriod),
    }),
    ...(VisibilityTimeout !== undefined && { VisibilityTimeout: String(VisibilityTimeout) }),
    ...(RedrivePolicy && {
      RedrivePolicy: JSON.stringify({
        deadLetterTargetArn,
        maxReceiveCount: RedrivePolicy.maxReceiveCount,
      }),
    }),
  };
}

const RATE = /^rate\((\d+) (minute|hour|day)s?\)$/;
const UNIT_SECONDS: Readonly<Record<string, number>> = { minute: 60, hour: 3_600, day: 86_400 };

/** How often a schedule of the template runs, in seconds; by the id of its construct. */
export function scheduleSeconds(source: Template, name: string): number {
  const { ScheduleExpression } = v.parse(
    v.object({ ScheduleExpression: v.string() }),
    source.one('AWS::Scheduler::Schedule', name).properties,
  );
  const [, count, unit = ''] = RATE.exec(ScheduleExpression) ?? [];
  const seconds = Number(count) * (UNIT_SECONDS[unit] ?? Number.NaN);
  if (Number.isNaN(seconds)) throw new Error(`cannot run the schedule ${ScheduleExpression} here`);
  return seconds;
}

const ofQueue = v.object({
  EventSourceArn: v.object({ 'Fn::GetAtt': v.tuple([v.string(), v.literal('Arn')]) }),
  BatchSize: v.number(),
});

/** How many messages a call of the worker takes, by the one event source mapping of a queue. */
export function workerBatchSize(source: Template): number {
  const mappings = source
    .all('AWS::Lambda::EventSourceMapping')
    .map(({ properties }) => properties);
  return v.parse(
    ofQueue,
    mappings.find((properties) => v.is(ofQueue, properties)),
  ).BatchSize;
}
