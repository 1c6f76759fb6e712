import {
  type CloudFormationClient,
  DescribeStacksCommand,
  GetTemplateCommand,
  paginateListStackResources,
} from '@aws-sdk/client-cloudformation';
import * as v from 'valibot';

/** A resource as CloudFormation says that it is. */
export interface DeployedResource {
  readonly logicalId: string;
  readonly type: string;
  /** What `Ref` gives: a name, a URL or an ARN. */
  readonly physicalId: string;
  readonly status: string;
}

export interface DeployedStack {
  readonly resources: readonly DeployedResource[];
  readonly outputs: ReadonlyMap<string, string>;
  /** What the template that was deployed says, by logical id. */
  readonly template: ReadonlyMap<string, TemplateResource>;
}

const template = v.pipe(
  v.string(),
  v.parseJson(),
  v.object({
    Resources: v.record(
      v.string(),
      v.object({
        Type: v.string(),
        DeletionPolicy: v.optional(v.string(), 'Delete'),
        Properties: v.optional(v.record(v.string(), v.unknown()), {}),
      }),
    ),
  }),
);

type TemplateResource = v.InferOutput<typeof template>['Resources'][string];

export async function readStack(
  client: CloudFormationClient,
  StackName: string,
): Promise<DeployedStack> {
  const resources: DeployedResource[] = [];
  for await (const page of paginateListStackResources({ client }, { StackName })) {
    for (const one of page.StackResourceSummaries ?? []) {
      resources.push({
        logicalId: one.LogicalResourceId ?? '',
        type: one.ResourceType ?? '',
        physicalId: one.PhysicalResourceId ?? '',
        status: one.ResourceStatus ?? 'unknown',
      });
    }
  }
  const { TemplateBody } = await client.send(new GetTemplateCommand({ StackName }));
  return {
    resources,
    outputs: await readOutputs(client, StackName),
    template: new Map(Object.entries(v.parse(template, TemplateBody).Resources)),
  };
}

/** What a stack says to whoever has deployed it, by name. */
export async function readOutputs(
  client: CloudFormationClient,
  StackName: string,
): Promise<ReadonlyMap<string, string>> {
  const { Stacks = [] } = await client.send(new DescribeStacksCommand({ StackName }));
  const outputs = Stacks[0]?.Outputs ?? [];
  return new Map(outputs.map((one) => [one.OutputKey ?? '', one.OutputValue ?? '']));
}

/** The resources of one type. */
export function ofType({ resources }: DeployedStack, type: string): readonly DeployedResource[] {
  return resources.filter((one) => one.type === type);
}

/** What the stack says to its user under that name. */
export function output({ outputs }: Pick<DeployedStack, 'outputs'>, name: string): string {
  const value = outputs.get(name);
  if (value === undefined) throw new Error(`the stack has no output ${name}`);
  return value;
}
