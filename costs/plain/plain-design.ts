import { type DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import * as v from 'valibot';

/**
 * What one writes first: the callback goes on a queue as it is, and from there as one item into a table whose three indexes
 * answer the same questions as the mirror's. No order, no exactness, no events: it is here for its bill alone.
 */
export interface PlainDesign {
  ingest(body: string): Promise<void>;
  /** One message. */
  store(body: string, receivedAt: number): Promise<void>;
}

export interface PlainSettings {
  readonly sqs: SQSClient;
  readonly queueUrl: string;
  readonly dynamodb: DynamoDBClient;
  readonly tableName: string;
  readonly print: (line: string) => void;
}

const callback = v.object({
  task: v.object({
    task_id: v.string(),
    status: v.string(),
    project: v.string(),
    batch: v.string(),
    completed_at: v.string(),
  }),
});

export function createPlainDesign(settings: PlainSettings): PlainDesign {
  const { sqs, queueUrl: QueueUrl, dynamodb, tableName: TableName, print } = settings;
  return {
    async ingest(body) {
      await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: body }));
    },
    async store(body, receivedAt) {
      const { task } = v.parse(callback, JSON.parse(body));
      const changedAt = new Date(receivedAt).toISOString();
      await dynamodb.send(
        new PutItemCommand({
          TableName,
          Item: {
            taskId: { S: task.task_id },
            status: { S: task.status },
            project: { S: task.project },
            batch: { S: task.batch },
            statusTime: { S: `${task.status}#${task.completed_at}` },
            changedAt: { S: `${changedAt}#${task.task_id}` },
            body: { S: body },
          },
        }),
      );
      print(
        JSON.stringify({ level: 'INFO', message: 'task stored', taskId: task.task_id, changedAt }),
      );
    },
  };
}

const indexOf = (IndexName: string, partition: string, sort: string) => ({
  IndexName,
  KeySchema: [
    { AttributeName: partition, KeyType: 'HASH' as const },
    { AttributeName: sort, KeyType: 'RANGE' as const },
  ],
  Projection: { ProjectionType: 'ALL' as const },
});

/** Its one table. */
export const PLAIN_TABLE = {
  TableName: 'Plain',
  BillingMode: 'PAY_PER_REQUEST' as const,
  KeySchema: [{ AttributeName: 'taskId', KeyType: 'HASH' as const }],
  AttributeDefinitions: ['taskId', 'batch', 'project', 'statusTime', 'changedAt'].map((name) => ({
    AttributeName: name,
    AttributeType: 'S' as const,
  })),
  GlobalSecondaryIndexes: [
    indexOf('byBatch', 'batch', 'statusTime'),
    indexOf('byProject', 'project', 'statusTime'),
    indexOf('changes', 'project', 'changedAt'),
  ],
};
