import { InvokeCommand, type LambdaClient } from '@aws-sdk/client-lambda';

/** Runs a function and waits for its answer. A failure of the function is an answer: `{errorType, errorMessage}`. */
export async function invokeLambda(
  client: LambdaClient,
  FunctionName: string,
  event: object,
): Promise<unknown> {
  const { Payload } = await client.send(
    new InvokeCommand({ FunctionName, Payload: Buffer.from(JSON.stringify(event)) }),
  );
  return Payload === undefined ? undefined : JSON.parse(Payload.transformToString());
}
