import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { text } from 'node:stream/consumers';

import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import * as v from 'valibot';

import { localCredentials } from '../../local/emulators/credentials.ts';
import { openDynalite } from '../../local/emulators/dynalite-store.ts';
import { listen } from '../../local/listen.ts';
import { createSimulatorServer } from '../../local/simulator/simulator-server.ts';
import { createSimulator } from '../../local/simulator/simulator.ts';

/**
 * A process of its own for one of what the benchmark of backfill talks to, so that it takes no time from what
 * is measured: `scale`, or `aws`: a DynamoDB, and an SQS that takes all messages and keeps none.
 * Tells its addresses to the process that forked it.
 */

const scaleSettings = v.object({
  apiKey: v.string(),
  project: v.string(),
  tasks: v.number(),
  bytes: v.number(),
  pageLatencyMs: v.number(),
});

async function startScale(settings: v.InferOutput<typeof scaleSettings>) {
  const { apiKey, project, tasks, bytes, pageLatencyMs } = settings;
  const simulator = createSimulator({ scenario: { pageLatencyMs } });
  simulator.tasks.createMany({ count: tasks, bytes, project });
  const { url } = await listen(createSimulatorServer(simulator, apiKey), 0, 'none');
  return { url };
}

/** How long a call of DynamoDB or SQS takes in a region, about. */
const AWS_LATENCY_MS = 5;

/** Makes every answer of a server take that long. */
function slowDown(server: Server): void {
  const handlers = server.listeners('request');
  server.removeAllListeners('request');
  server.on('request', (...request: unknown[]) => {
    setTimeout(() => {
      for (const handler of handlers) Reflect.apply(handler, server, request);
    }, AWS_LATENCY_MS);
  });
}

const batch = v.object({
  Entries: v.array(v.object({ Id: v.string(), MessageBody: v.string() })),
});

async function acknowledge(request: IncomingMessage): Promise<string> {
  const { Entries } = v.parse(batch, JSON.parse(await text(request)));
  const Successful = Entries.map(({ Id, MessageBody }) => ({
    Id,
    MessageId: Id,
    MD5OfMessageBody: createHash('md5').update(MessageBody).digest('hex'),
  }));
  return JSON.stringify({ Successful, Failed: [] });
}

async function startAws() {
  const queue = createServer((request, response) => {
    acknowledge(request).then(
      (answer) => response.setHeader('content-type', 'application/x-amz-json-1.0').end(answer),
      () => response.writeHead(500).end(),
    );
  });
  const tables = openDynalite(undefined).server;
  const [sqs, dynamodb] = await Promise.all([listen(queue, 0, 'none'), listen(tables, 0, 'none')]);
  const client = new DynamoDBClient({ ...localCredentials, endpoint: dynamodb.url });
  await createTable(client, 'MirrorState', ['scope', 'item']);
  await createTable(client, 'Tasks', ['taskId', 'record']);
  client.destroy();
  slowDown(queue);
  slowDown(tables);
  return { sqsUrl: sqs.url, dynamodbUrl: dynamodb.url };
}

async function createTable(
  client: DynamoDBClient,
  TableName: string,
  [hash, range]: readonly [string, string],
): Promise<void> {
  await client.send(
    new CreateTableCommand({
      TableName,
      BillingMode: 'PAY_PER_REQUEST',
      KeySchema: [
        { AttributeName: hash, KeyType: 'HASH' },
        { AttributeName: range, KeyType: 'RANGE' },
      ],
      AttributeDefinitions: [hash, range].map((AttributeName) => ({
        AttributeName,
        AttributeType: 'S',
      })),
    }),
  );
}

process.once('message', (settings) => {
  const started = v.is(scaleSettings, settings) ? startScale(settings) : startAws();
  started.then(
    (urls) => process.send?.(urls),
    (error: unknown) => {
      process.stderr.write(`${String(error)}\n`);
      process.exit(1);
    },
  );
});
process.once('disconnect', () => process.exit(0));
