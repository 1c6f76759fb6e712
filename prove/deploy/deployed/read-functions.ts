import { GetFunctionCommand, GetPolicyCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import * as v from 'valibot';

import { type DeployedStack, ofType } from './read-stack.ts';

export interface DeployedFunction {
  readonly name: string;
  readonly arn: string;
  /** `nodejs24.x`. */
  readonly runtime: string;
  readonly handler: string;
  readonly memoryMb: number;
  readonly timeoutMs: number;
  readonly variables: Readonly<Record<string, string>>;
  readonly code: {
    /** In the asset bucket. */
    readonly key: string;
    /** Of the zip file that Lambda has taken, in base64. */
    readonly sha256: string;
  };
}

const configuration = v.object({
  FunctionName: v.string(),
  FunctionArn: v.string(),
  Runtime: v.string(),
  Handler: v.string(),
  MemorySize: v.number(),
  Timeout: v.number(),
  CodeSha256: v.string(),
  Environment: v.object({ Variables: v.record(v.string(), v.string()) }),
});

const code = v.object({ Code: v.object({ S3Key: v.string() }) });

/** The functions of the stack, as Lambda describes them. */
export async function readFunctions(
  client: LambdaClient,
  stack: DeployedStack,
): Promise<DeployedFunction[]> {
  return Promise.all(
    ofType(stack, 'AWS::Lambda::Function').map(async ({ logicalId, physicalId }) => {
      const answer = await client.send(new GetFunctionCommand({ FunctionName: physicalId }));
      const read = v.parse(configuration, answer.Configuration);
      return {
        name: read.FunctionName,
        arn: read.FunctionArn,
        runtime: read.Runtime,
        handler: read.Handler,
        memoryMb: read.MemorySize,
        timeoutMs: read.Timeout * 1_000,
        variables: read.Environment.Variables,
        code: {
          key: v.parse(code, stack.template.get(logicalId)?.Properties).Code.S3Key,
          sha256: read.CodeSha256,
        },
      };
    }),
  );
}

const policy = v.pipe(
  v.string(),
  v.parseJson(),
  v.object({
    Statement: v.array(
      v.object({
        Effect: v.literal('Allow'),
        Action: v.literal('lambda:InvokeFunction'),
        Principal: v.object({ Service: v.string() }),
        Condition: v.object({ ArnLike: v.object({ 'AWS:SourceArn': v.string() }) }),
      }),
    ),
  }),
);

/** Services that may call a function, and on behalf of what. */
export async function readCallers(
  client: LambdaClient,
  FunctionName: string,
): Promise<readonly { readonly service: string; readonly sourceArn: string }[]> {
  const { Policy } = await client.send(new GetPolicyCommand({ FunctionName }));
  return v.parse(policy, Policy).Statement.map(({ Principal, Condition }) => ({
    service: Principal.Service,
    sourceArn: Condition.ArnLike['AWS:SourceArn'],
  }));
}
