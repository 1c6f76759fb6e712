import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DeleteMessageBatchCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';

import { gbMs, PLATFORM_LINES } from '../declared.ts';
import { BYTES_BESIDE_A_LINE } from '../meter/log-bytes.ts';
import { createMeter, type Units } from '../meter/meter.ts';
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
const GATEWAY_CHUNK_BYTES = 524_288;

/** Lambda's text format puts time, request and level before a line. */
const LINE_PREFIX_BYTES = '2026-11-21T12:00:00.000Z\t00000000-0000-4000-8000-000000000001\tINFO\t'
  .length;

/** Units of a first completion of so many bytes in the plain design, counted by the same meter. */
export async function countPlain(
  settings: Endpoints & { readonly bytes: number; readonly perBatch?: number },
): Promise<Units> {
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
  const logs = (where: string, textBytes: number, lines: number): void => {
    meter.add('logBytes', where, textBytes + lines * BYTES_BESIDE_A_LINE);
  };
  const invoked = (name: 'ingest' | 'worker', messages: number): void => {
    meter.add('lambdaRequests', name, 1);
    meter.add('lambdaGbMs', name, gbMs(name, { bytes: messages * bytes, messages }));
    logs(name, PLATFORM_LINES.bytes, PLATFORM_LINES.lines);
  };
  const plain = createPlainDesign({
    ...{ sqs, queueUrl: QueueUrl, dynamodb, tableName: tables.get('Plain')?.TableName ?? '' },
    print: (line) => {
      logs('worker', Buffer.byteLength(line) + LINE_PREFIX_BYTES, 1);
    },
  });
  for (let number = 1; number <= TASKS; number += 1) {
    const { callback } = sampleCallback({ number, bytes });
    meter.add('gatewayRequests', 'callbacks', Math.ceil(callback.length / GATEWAY_CHUNK_BYTES));
    invoked('ingest', 1);
    await plain.ingest(callback);
  }
  for (let stored = 0; stored < TASKS;) {
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: perBatch }),
    );
    invoked('worker', Messages.length);
    for (const { Body = '' } of Messages) await plain.store(Body, Date.now());
    await sqs.send(
      new DeleteMessageBatchCommand({
        QueueUrl,
        Entries: Messages.map(({ ReceiptHandle }, index) => ({
          Id: String(index),
          ReceiptHandle,
        })),
      }),
    );
    stored += Messages.length;
  }
  for (const client of [dynamodb, looking, sqs]) client.destroy();
  return meter.take(TASKS);
}
