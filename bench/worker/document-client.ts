import { BatchProcessor, EventType, processPartialResponse } from '@aws-lambda-powertools/batch';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import * as v from 'valibot';

/**
 * What people write in place of the worker: each task as a nested map by the DocumentClient, each message alone by Powertools. It
 * keeps neither bytes nor order nor history, and does not compress.
 */
const client = DynamoDBDocumentClient.from(new DynamoDBClient({}), {
  marshallOptions: { removeUndefinedValues: true },
});
const processor = new BatchProcessor(EventType.SQS);

const callback = v.object({ task: v.record(v.string(), v.unknown()), task_id: v.string() });

const store = async ({ body }: SQSRecord): Promise<void> => {
  const { task, task_id: taskId } = v.parse(callback, JSON.parse(body));
  await client.send(
    new PutCommand({
      TableName: process.env['TASKS_TABLE_NAME'],
      Item: { taskId, record: 'task', ...task },
      ConditionExpression: 'attribute_not_exists(taskId)',
    }),
  );
};

export const handler = (event: SQSEvent, context: Context): Promise<SQSBatchResponse> =>
  processPartialResponse(event, store, processor, { context });
