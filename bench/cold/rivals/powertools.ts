import { Logger } from '@aws-lambda-powertools/logger';
import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import { logMetrics } from '@aws-lambda-powertools/metrics/middleware';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import middy from '@middy/core';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';

/** P: as Powertools' documentation has it, with its middleware, bundled as S is. */
const logger = new Logger({ serviceName: 'ingest' });
const metrics = new Metrics({ namespace: 'Rival', serviceName: 'ingest' });
const client = new SQSClient({});

const accept = async (
  event: APIGatewayProxyEventV2,
): Promise<APIGatewayProxyStructuredResultV2> => {
  if (event.headers['scale-callback-auth'] !== process.env['CALLBACK_KEY']) {
    metrics.addMetric('CallbackRefused', MetricUnit.Count, 1);
    return { statusCode: 401, body: JSON.stringify({ message: 'Unauthorized' }) };
  }
  await client.send(
    new SendMessageCommand({ QueueUrl: process.env['TASK_QUEUE_URL'], MessageBody: event.body }),
  );
  metrics.addMetric('CallbackAccepted', MetricUnit.Count, 1);
  logger.info('callback accepted');
  return { statusCode: 200, body: JSON.stringify({ accepted: true }) };
};

export const handler = middy(accept).use(injectLambdaContext(logger)).use(logMetrics(metrics));
