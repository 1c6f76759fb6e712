import { DeleteItemCommand, type DynamoDBClient, paginateQuery } from '@aws-sdk/client-dynamodb';
import * as v from 'valibot';

import type { Bodies } from '../documents/bodies.ts';
import { documentBodiesPrefix } from '../documents/body-keys.ts';
import { stringAttribute } from '../platform/dynamo-attributes.ts';
import { DOCUMENT_RECORD_PREFIX } from './document-record.ts';
import { HEAD_RECORD } from './head-item.ts';
import type { TaskEraser } from './task-eraser.ts';

export interface TaskEraserSettings {
  readonly client: DynamoDBClient;
  readonly tableName: string;
  readonly bodies: Bodies;
}

const documentItem = v.object({
  record: stringAttribute,
  bodyKey: v.optional(stringAttribute),
  envelopeKey: v.optional(stringAttribute),
});

export function createTaskEraser(settings: TaskEraserSettings): TaskEraser {
  const { client, tableName: TableName, bodies } = settings;
  const removeItem = async (taskId: string, record: string): Promise<void> => {
    const Key = { taskId: { S: taskId }, record: { S: record } };
    await client.send(new DeleteItemCommand({ TableName, Key }));
  };
  return {
    async eraseDocuments(taskId) {
      const objects = new Set<string>();
      let documents = 0;
      for await (const { record, bodyKey, envelopeKey } of listDocuments(settings, taskId)) {
        // Objects first: an item that is left says where they are, an object alone is never found again.
        for (const key of [bodyKey, envelopeKey].filter((one) => one !== undefined)) {
          await bodies.remove(key);
          objects.add(key);
        }
        await removeItem(taskId, record);
        documents += 1;
      }
      for (const key of await strayObjects(bodies, taskId)) {
        await bodies.remove(key);
        objects.add(key);
      }
      return { documents, objects: objects.size };
    },
    eraseHead: (taskId) => removeItem(taskId, HEAD_RECORD),
  };
}

async function* listDocuments(
  { client, tableName: TableName }: TaskEraserSettings,
  taskId: string,
): AsyncGenerator<v.InferOutput<typeof documentItem>> {
  const pages = paginateQuery(
    { client },
    {
      TableName,
      ConsistentRead: true,
      KeyConditionExpression: 'taskId = :taskId AND begins_with(#record, :documents)',
      ProjectionExpression: '#record, bodyKey, envelopeKey',
      ExpressionAttributeNames: { '#record': 'record' },
      ExpressionAttributeValues: {
        ':taskId': { S: taskId },
        ':documents': { S: DOCUMENT_RECORD_PREFIX },
      },
    },
  );
  for await (const { Items = [] } of pages) {
    for (const item of Items) yield v.parse(documentItem, item);
  }
}

/** Objects whose item was never written: a writer died between the two. */
async function strayObjects(bodies: Bodies, taskId: string): Promise<string[]> {
  const prefix = documentBodiesPrefix(taskId);
  if (prefix === undefined) return [];
  return (await bodies.list(prefix)).map(({ key }) => key);
}
