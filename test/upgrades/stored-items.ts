import { type AttributeValue, paginateScan, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { GetObjectCommand, paginateListObjectsV2, PutObjectCommand } from '@aws-sdk/client-s3';

import type { WireMessage } from '../../shared/queue/task-message.ts';
import type { Clients } from '../faults/rig/clients.ts';
import { receiveAll, toRecord } from '../faults/rig/queue.ts';
import type { Resources } from '../faults/rig/resources.ts';

/** Everything that a version has left behind in a mirror's stores, as it stands there. */
export interface StoredItems {
  readonly version: string;
  /** When it was written, epoch milliseconds. */
  readonly writtenAt: number;
  readonly tasks: readonly JsonItem[];
  readonly mirrorState: readonly JsonItem[];
  readonly objects: readonly StoredObject[];
  readonly queue: readonly WireMessage[];
  readonly deadLetters: readonly WireMessage[];
}

/** An item as DynamoDB's JSON has it: bytes are base64. */
type JsonItem = Readonly<Record<string, unknown>>;

type Item = Record<string, AttributeValue>;

interface StoredObject {
  readonly key: string;
  readonly base64: string;
  readonly metadata: Readonly<Record<string, string>>;
}

/** Reads all of it; what is on the queues is hidden there afterwards. */
export async function readStored(
  clients: Clients,
  { tasks, mirrorState, queueUrl, bucket, deadLetters }: Resources,
): Promise<Omit<StoredItems, 'version' | 'writtenAt'>> {
  return {
    tasks: await itemsOf(clients, tasks),
    mirrorState: await itemsOf(clients, mirrorState),
    objects: await objectsOf(clients, bucket),
    queue: await messagesOf(clients, queueUrl),
    deadLetters: deadLetters ? await messagesOf(clients, deadLetters.queueUrl) : [],
  };
}

/** Puts tables and objects back as they were. Messages are for the test to send. */
export async function putStored(
  { dynamodb, s3 }: Clients,
  { tasks, mirrorState, bucket }: Resources,
  stored: StoredItems,
): Promise<void> {
  for (const [TableName, items] of [
    [tasks, stored.tasks],
    [mirrorState, stored.mirrorState],
  ] as const) {
    for (const item of items) {
      await dynamodb.send(new PutItemCommand({ TableName, Item: fromJson(item) as Item }));
    }
  }
  for (const { key, base64, metadata } of stored.objects) {
    const Body = Buffer.from(base64, 'base64');
    const place = { Bucket: bucket, Key: key };
    await s3.send(new PutObjectCommand({ ...place, Body, Metadata: { ...metadata } }));
  }
}

async function itemsOf({ dynamodb: client }: Clients, TableName: string): Promise<JsonItem[]> {
  const items: JsonItem[] = [];
  for await (const { Items = [] } of paginateScan({ client }, { TableName })) {
    items.push(...Items.map((item) => toJson(item) as JsonItem));
  }
  return items.toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
}

async function objectsOf({ s3: client }: Clients, Bucket: string): Promise<StoredObject[]> {
  const objects: StoredObject[] = [];
  for await (const { Contents = [] } of paginateListObjectsV2({ client }, { Bucket })) {
    for (const { Key = '' } of Contents) {
      const { Body, Metadata = {} } = await client.send(new GetObjectCommand({ Bucket, Key }));
      const base64 = (await Body?.transformToString('base64')) ?? '';
      objects.push({ key: Key, base64, metadata: Metadata });
    }
  }
  return objects;
}

async function messagesOf({ sqs }: Clients, queueUrl: string): Promise<WireMessage[]> {
  const messages = (await receiveAll(sqs, queueUrl)).flat();
  return messages.map((message) => {
    const { body, messageAttributes } = toRecord(message);
    const attributes = Object.entries(messageAttributes).map(
      ([name, { stringValue = '' }]) => [name, stringValue] as const,
    );
    return { body, attributes: Object.fromEntries(attributes) };
  });
}

function toJson(value: unknown): unknown {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  if (Array.isArray(value)) return value.map(toJson);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, toJson(inner)]));
}

/** Bytes are the one kind of value that stands under `B`. */
function fromJson(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(fromJson);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [
      name,
      name === 'B' && typeof inner === 'string' ? Buffer.from(inner, 'base64') : fromJson(inner),
    ]),
  );
}
