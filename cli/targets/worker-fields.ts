import type { Clients } from './clients.ts';

/** The worker's variable `FIELDS`, as it is deployed; needs `lambda:GetFunctionConfiguration`. */
export async function workerFields(
  { lambda }: Pick<Clients, 'lambda'>,
  FunctionName: string,
): Promise<string | undefined> {
  const { GetFunctionConfigurationCommand } = await import('@aws-sdk/client-lambda');
  const client = await lambda();
  const answer = await client.send(new GetFunctionConfigurationCommand({ FunctionName }));
  return answer.Environment?.Variables?.['FIELDS'];
}
