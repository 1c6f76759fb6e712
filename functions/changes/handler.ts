import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { SQSClient } from '@aws-sdk/client-sqs';
import type { Context, DynamoDBBatchResponse, DynamoDBStreamEvent } from 'aws-lambda';

import { createEventBus } from '../../shared/events/event-bus.ts';
import { awsClientLimits } from '../../shared/platform/aws-client.ts';
import { createTelemetry } from '../../shared/platform/telemetry.ts';
import { createChanges } from './changes.ts';
import { loadConfig } from './config.ts';
import { createChangesFailures } from './failures.ts';

const config = loadConfig(process.env);
const { log, metrics, published } = createTelemetry('changes');

const changes = createChanges({
  eventBus: createEventBus({
    client: new EventBridgeClient(awsClientLimits),
    busName: config.eventBusName,
  }),
  failures: createChangesFailures({
    client: new SQSClient(awsClientLimits),
    queueUrl: config.changesFailuresUrl,
  }),
  tasksTable: config.tasksTableName,
  metrics,
  log,
});

export const handler = published(
  (event: DynamoDBStreamEvent, context: Context): Promise<DynamoDBBatchResponse> =>
    changes(event.Records, () => context.getRemainingTimeInMillis()),
);
