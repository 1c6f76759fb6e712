import { Agent, request } from 'node:https';

import type { APIGatewayProxyEventV2 } from 'aws-lambda';

/** F1: one bare HTTPS POST, the floor of any handler that talks to AWS. No signature, no check of a key, no retry. */
const agent = new Agent({ keepAlive: true });
const QueueUrl = process.env['TASK_QUEUE_URL'] ?? '';

export const handler = (event: APIGatewayProxyEventV2): Promise<object> => {
  const body = JSON.stringify({ QueueUrl, MessageBody: event.body });
  const headers = {
    'content-type': 'application/x-amz-json-1.0',
    'content-length': Buffer.byteLength(body),
    'x-amz-target': 'AmazonSQS.SendMessage',
  };
  return new Promise((resolve, reject) => {
    const post = request(QueueUrl, { method: 'POST', agent, headers }, (response) => {
      response.resume();
      response.once('end', () => {
        resolve({ statusCode: response.statusCode });
      });
    });
    post.once('error', reject);
    post.end(body);
  });
};
