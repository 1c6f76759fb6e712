import { type LambdaClient, ListEventSourceMappingsCommand } from '@aws-sdk/client-lambda';
import * as v from 'valibot';

const base = {
  EventSourceArn: v.string(),
  FunctionArn: v.string(),
  BatchSize: v.number(),
  FunctionResponseTypes: v.optional(v.array(v.string()), []),
};

const ofQueue = v.object({
  ...base,
  EventSourceArn: v.pipe(v.string(), v.startsWith('arn:aws:sqs:')),
  ScalingConfig: v.optional(v.object({ MaximumConcurrency: v.number() })),
});

const ofStream = v.object({
  ...base,
  EventSourceArn: v.pipe(v.string(), v.startsWith('arn:aws:dynamodb:')),
  MaximumBatchingWindowInSeconds: v.optional(v.number(), 0),
  BisectBatchOnFunctionError: v.optional(v.boolean(), false),
  MaximumRetryAttempts: v.number(),
  MaximumRecordAgeInSeconds: v.number(),
  FilterCriteria: v.object({ Filters: v.array(v.object({ Pattern: v.string() })) }),
  DestinationConfig: v.object({ OnFailure: v.object({ Destination: v.string() }) }),
});

export type QueueMapping = v.InferOutput<typeof ofQueue>;
export type StreamMapping = v.InferOutput<typeof ofStream>;

/** What Lambda reads for functions, by what each of them is. Refuses a source that this proof cannot play. */
export interface DeployedMappings {
  readonly queues: readonly QueueMapping[];
  readonly streams: readonly StreamMapping[];
}

export async function readMappings(client: LambdaClient): Promise<DeployedMappings> {
  const { EventSourceMappings = [] } = await client.send(new ListEventSourceMappingsCommand({}));
  const queues: QueueMapping[] = [];
  const streams: StreamMapping[] = [];
  for (const one of EventSourceMappings) {
    if (v.is(ofQueue, one)) queues.push(v.parse(ofQueue, one));
    else streams.push(v.parse(ofStream, one));
  }
  return { queues, streams };
}

/** Whether the function's answer counts: without it, whatever comes back means that all went well. */
export function reportsFailures({ FunctionResponseTypes }: QueueMapping | StreamMapping): boolean {
  return FunctionResponseTypes.includes('ReportBatchItemFailures');
}
