import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import {
  DeleteMessageBatchCommand,
  type Message,
  ReceiveMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';

import { gbMs, PLATFORM_LINES, type Work } from '../declared.ts';
import { BYTES_BESIDE_A_LINE } from '../meter/log-bytes.ts';
import { createMeter, type Meter, type Units } from '../meter/meter.ts';
import { meterQueue } from '../meter/metered-clients.ts';
import { meterDynamodb } from '../meter/metered-dynamodb.ts';
import {
  awsSettings,
  dynamodbSettings,
  type Endpoints,
  makeQueue,
  makeTables,
} from '../mirror/resources.ts';
import { sampleCallback } from '../sample-callback.ts';
import { createPlainDesign, PLAIN_TABLE } from './plain-design.ts';

const TASKS = 10;
const NOON = Date.parse('2026-11-21T12:00:00.000Z');
const HOUR_MS = 3_600_000;
const GATEWAY_CHUNK_BYTES = 524_288;

/** Lambda's text format puts time, request and level before a line. */
const LINE_PREFIX_BYTES = '2026-11-21T12:00:00.000Z\t00000000-0000-4000-8000-000000000001\tINFO\t'
  .length;

export interface PlainSettings extends Endpoints {
  readonly bytes: number;
  /** Messages of one call of the worker, 1 to 10. */
  readonly perBatch?: number;
}

/** Units of one callback of so many bytes in the plain design, counted by the same meter. */
export async function countPlain(
  settings: PlainSettings,
): Promise<Readonly<Record<'first completion' | 'duplicate' | 'audit', Units>>> {
  const { bytes, perBatch = 10 } = settings;
  const meter = createMeter();
  const tables = await makeTables(settings, { Plain: PLAIN_TABLE });
  const QueueUrl = await makeQueue(settings);
  const dynamodb = new DynamoDBClient(dynamodbSettings(settings));
  const looking = new DynamoDBClient(dynamodbSettings(settings));
  const sqs = new SQSClient(awsSettings(settings));
  meterQueue(meter, sqs);
  meterDynamodb({
    ...{ meter, client: dynamodb, looking, tables: [...tables.values()] },
    placeOf: () => 'items',
  });
  const plain = createPlainDesign({
    ...{ sqs, queueUrl: QueueUrl, dynamodb, tableName: tables.get('Plain')?.TableName ?? '' },
    print: (line) => {
      log(meter, 'worker', Buffer.byteLength(line) + LINE_PREFIX_BYTES, 1);
    },
  });
  let hour = 0;
  const step = async (auditedAt?: number): Promise<Units> => {
    hour += 1;
    for (let number = 1; number <= TASKS; number += 1) {
      const { callback } = sampleCallback({
        ...{ number, bytes },
        ...(auditedAt !== undefined && { auditedAt }),
      });
      meter.add('gatewayRequests', 'callbacks', Math.ceil(callback.length / GATEWAY_CHUNK_BYTES));
      invoked(meter, 'ingest', { messages: 1, bytes });
      await plain.ingest(callback);
    }
    for (let stored = 0; stored < TASKS;) {
      const { Messages = [] } = await sqs.send(
        new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: perBatch }),
      );
      invoked(meter, 'worker', { messages: Messages.length, bytes: Messages.length * bytes });
      for (const { Body = '' } of Messages) await plain.store(Body, NOON + hour * HOUR_MS);
      await sqs.send(new DeleteMessageBatchCommand({ QueueUrl, Entries: receiptsOf(Messages) }));
      stored += Messages.length;
    }
    return meter.take(TASKS);
  };
  try {
    return {
      'first completion': await step(),
      duplicate: await step(),
      audit: await step(NOON),
    };
  } finally {
    for (const client of [dynamodb, looking, sqs]) client.destroy();
  }
}

function receiptsOf(messages: readonly Message[]) {
  return messages.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle }));
}

function log(meter: Meter, where: string, textBytes: number, lines: number): void {
  meter.add('logBytes', where, textBytes + lines * BYTES_BESIDE_A_LINE);
}

function invoked(meter: Meter, name: 'ingest' | 'worker', work: Work): void {
  meter.add('lambdaRequests', name, 1);
  meter.add('lambdaGbMs', name, gbMs(name, work));
  log(meter, name, PLATFORM_LINES.bytes, PLATFORM_LINES.lines);
}
