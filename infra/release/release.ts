import * as v from 'valibot';

/** What of a template an update must leave alone, since CloudFormation would replace what holds data or has a URL. */
export interface Release {
  readonly version: string;
  readonly resources: Readonly<Record<string, PinnedResource>>;
  /** Values of the outputs, by name: scripts and the command line find their way by them. */
  readonly outputs: Readonly<Record<string, unknown>>;
}

export interface PinnedResource {
  readonly type: string;
  /** Properties of which another value means another resource. Those that are not given are `null`. */
  readonly pinned: Readonly<Record<string, unknown>>;
  /** Of tables: how each index is made. */
  readonly indexes?: Readonly<Record<string, unknown>>;
  /** What CloudFormation does with it when the stack goes and when it is replaced: `Retain`. */
  readonly removal: readonly [deletion: unknown, replacement: unknown];
}

/**
 * By type, the properties with "Update requires: Replacement" in CloudFormation's resource reference that the
 * mirror could come to change, and those by which others find a resource: routes, the stream of a table.
 */
const PINNED: Readonly<Record<string, readonly string[]>> = {
  'AWS::DynamoDB::Table': [
    'TableName',
    'KeySchema',
    'LocalSecondaryIndexes',
    'StreamSpecification',
    'TimeToLiveSpecification',
  ],
  'AWS::S3::Bucket': ['BucketName'],
  'AWS::SQS::Queue': ['QueueName', 'FifoQueue'],
  'AWS::SecretsManager::Secret': ['Name'],
  'AWS::KMS::Key': ['KeySpec', 'MultiRegion'],
  'AWS::Events::EventBus': ['Name'],
  'AWS::SNS::Topic': ['TopicName', 'FifoTopic'],
  'AWS::ApiGatewayV2::Api': ['ProtocolType', 'CorsConfiguration'],
  'AWS::ApiGatewayV2::Stage': ['ApiId', 'StageName'],
  'AWS::ApiGatewayV2::Route': ['ApiId', 'RouteKey'],
  'AWS::Lambda::EventSourceMapping': ['EventSourceArn', 'StartingPosition'],
};

const record = v.record(v.string(), v.unknown());

const template = v.object({
  Resources: v.record(
    v.string(),
    v.object({
      Type: v.string(),
      Properties: v.optional(record, {}),
      DeletionPolicy: v.optional(v.string()),
      UpdateReplacePolicy: v.optional(v.string()),
    }),
  ),
  Outputs: v.optional(v.record(v.string(), v.object({ Value: v.unknown() })), {}),
});

const indexes = v.optional(v.array(v.looseObject({ IndexName: v.string() })), []);

/** A release as it is stored. Throws where it is not one. */
export const storedRelease = v.object({
  version: v.string(),
  resources: v.record(
    v.string(),
    v.object({
      type: v.string(),
      pinned: record,
      indexes: v.optional(record),
      removal: v.tuple([v.unknown(), v.unknown()]),
    }),
  ),
  outputs: record,
});

/** Reads from a synthesized template what a release is held to. */
export function readRelease(version: string, synthesized: unknown): Release {
  const { Resources, Outputs } = v.parse(template, synthesized);
  const resources = Object.entries(Resources).flatMap(([logicalId, resource]) => {
    const names = PINNED[resource.Type];
    return names === undefined ? [] : [[logicalId, pinnedOf(resource, names)] as const];
  });
  const outputs = Object.entries(Outputs).map(([name, { Value }]) => [name, Value] as const);
  return {
    version,
    resources: Object.fromEntries(resources),
    outputs: Object.fromEntries(outputs),
  };
}

function pinnedOf(
  resource: v.InferOutput<typeof template>['Resources'][string],
  names: readonly string[],
): PinnedResource {
  const { Type, Properties, DeletionPolicy, UpdateReplacePolicy } = resource;
  const found = v.parse(indexes, Properties['GlobalSecondaryIndexes']);
  return {
    type: Type,
    pinned: Object.fromEntries(names.map((name) => [name, Properties[name] ?? null])),
    ...(found.length > 0 && {
      indexes: Object.fromEntries(found.map(({ IndexName, ...index }) => [IndexName, index])),
    }),
    removal: [DeletionPolicy ?? null, UpdateReplacePolicy ?? null],
  };
}
