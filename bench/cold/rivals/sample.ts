import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';

/** A: the style of the public sample patterns: not bundled, an ES module, its client made in the handler. */
export const handler = async (
  event: APIGatewayProxyEventV2,
): Promise<APIGatewayProxyStructuredResultV2> => {
  const client = new SQSClient({});
  if (event.headers['scale-callback-auth'] !== process.env['CALLBACK_KEY']) {
    return { statusCode: 401, body: JSON.stringify({ message: 'Unauthorized' }) };
  }
  await client.send(
    new SendMessageCommand({ QueueUrl: process.env['TASK_QUEUE_URL'], MessageBody: event.body }),
  );
  return { statusCode: 200, body: JSON.stringify({ accepted: true }) };
};
