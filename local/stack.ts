import { DeleteItemCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SQSClient } from '@aws-sdk/client-sqs';
import { Cron } from 'croner';

import { type Closing, createClosing } from './closing.ts';
import { takeDataFolder } from './data-folder.ts';
import { type Aws, queueArn, startAws } from './emulators/aws.ts';
import { localCredentials } from './emulators/credentials.ts';
import { startDynamodb } from './emulators/dynamodb.ts';
import type { TableStream } from './emulators/table-stream.ts';
import { openEventLog } from './events/event-log.ts';
import { startEvents } from './events/start-events.ts';
import { streamMappings } from './events/stream-mappings.ts';
import type { HostedFunction } from './functions/function-host.ts';
import { hostFunctions } from './functions/local-functions.ts';
import { createMetricSums } from './functions/metric-sums.ts';
import { createGateway } from './gateway.ts';
import { listen } from './listen.ts';
import { startPoller } from './poller.ts';
import {
  functionSettings,
  queueAttributes,
  scheduleSeconds,
  tableInput,
  workerBatchSize,
} from './resource-settings.ts';
import { dataPath, type LocalSettings } from './settings.ts';
import type { Simulator } from './simulator/simulator.ts';
import { startScale } from './start-scale.ts';
import { readTemplate, type Template } from './template.ts';

/** The embedded stack, serving. */
export interface Stack {
  readonly callbackUrl: string;
  readonly dynamodbUrl: string;
  readonly awsUrl: string;
  readonly scaleApiUrl: string;
  /** Absent where a real Scale is mirrored. */
  readonly simulator: Simulator | undefined;
  readonly dynamodb: DynamoDBClient;
  /** One run of every status, now. */
  runBackfill(): Promise<unknown>;
  /** Runs backfill, reconcile and archive from now on by the template's schedules. */
  startSchedule(onFailure: (name: string, error: unknown) => void): void;
  stop(): Promise<void>;
}

/** Worker calls at once. Deployed there may be ten; two cores gain nothing beyond this. */
const WORKER_CONCURRENCY = 4;

const BUCKET = 'bodies';

/** In the data folder: one event a line, in the order in which they were published. */
const EVENTS_FILE = 'events.jsonl';

/** The functions that run by a schedule, with the ids of its construct. */
const schedules = {
  Backfill: 'Schedule',
  Reconcile: 'ReconcileSchedule',
  Archive: 'ArchiveSchedule',
};

/** Starts everything, in the order in which the parts need each other. `assembly` is what `synth` made. */
export async function startStack(settings: LocalSettings, assembly: string): Promise<Stack> {
  const template = readTemplate(assembly);
  const closing = createClosing();
  try {
    return await startParts(settings, template, closing);
  } catch (error) {
    await closing.closeAll();
    throw error;
  }
}

async function startParts(
  settings: LocalSettings,
  template: Template,
  closing: Closing,
): Promise<Stack> {
  if (settings.dataDir !== undefined) closing.defer(await takeDataFolder(settings.dataDir));
  const functions = new Map<string, HostedFunction>();
  const invokeWith = (name: string, payload: string): Promise<unknown> => {
    const hosted = functions.get(name);
    if (hosted === undefined) throw new Error(`there is no function ${name}`);
    return hosted.invoke(payload);
  };
  const invoke = (name: string, event: unknown) => invokeWith(name, JSON.stringify(event));

  const metrics = createMetricSums(Date.now);
  const events = openEventLog(dataPath(settings, EVENTS_FILE));
  closing.defer(events.close);
  const tables = await startTables(settings, template, closing);
  const aws = await startAws({
    port: settings.awsPort,
    path: dataPath(settings, 'aws'),
    queues: queuesOf(template),
    bucket: BUCKET,
    secrets: new Map([
      ['CallbackKeys', settings.callbackKeys],
      ['ApiKey', settings.scaleApiKey],
    ]),
    invoke,
    metrics: metrics.sums,
    takeEvents: events.append,
  });
  closing.defer(aws.close);

  const gateway = await listen(
    createGateway((payload) => invokeWith('Ingest', payload), undefined, events),
    settings.port,
    'PORT',
  );
  closing.defer(gateway.close);
  const callbackUrl = `${gateway.url}/callbacks`;

  const scale = await startScale(settings, callbackUrl, closing);
  const hosted = await hostFunctions({
    template,
    awsUrl: aws.url,
    dynamodbUrl: tables.url,
    scaleApiUrl: scale.url,
    nameOf: (logicalId) => localName(template, aws, logicalId),
    logDir: settings.dataDir,
    functionImport: settings.functionImport,
    onLine: metrics.readLine,
  });
  for (const [name, one] of hosted) {
    functions.set(name, one);
    closing.defer(() => one.stop());
  }
  const client = new SQSClient({ ...localCredentials, endpoint: aws.url });
  closing.defer(() => {
    client.destroy();
  });
  startWorker(template, { aws, client }, invoke, closing);
  const endEvents = startEvents({
    streams: tables.streams,
    mappings: streamMappings(template),
    invoke: (event) => invoke('Changes', event),
    client,
    failuresUrl: aws.queueUrl('ChangesFailures'),
  });
  closing.defer(endEvents);

  const runBackfill = () => invoke('Backfill', { full: true });
  const urls = { callbackUrl, dynamodbUrl: tables.url, awsUrl: aws.url, scaleApiUrl: scale.url };
  aws.announce({
    ...urls,
    fields: fieldsOf(template),
    names: {
      bodies: BUCKET,
      taskQueue: aws.queueUrl('TaskQueue'),
      taskDeadLetters: aws.queueUrl('TaskDeadLetters'),
    },
  });
  return {
    ...urls,
    simulator: scale.simulator,
    dynamodb: tables.client,
    runBackfill,
    startSchedule: (onFailure) => {
      for (const [name, schedule] of Object.entries(schedules)) {
        const interval = scheduleSeconds(template, schedule);
        const job = new Cron('* * * * * *', { interval }, () => {
          invoke(name, {}).catch((error: unknown) => {
            onFailure(name.toLowerCase(), error);
          });
        });
        closing.defer(() => {
          job.stop();
        });
      }
    },
    stop: () => closing.closeAll(),
  };
}

interface Tables {
  readonly url: string;
  readonly client: DynamoDBClient;
  readonly streams: ReadonlyMap<string, TableStream>;
}

async function startTables(
  settings: LocalSettings,
  template: Template,
  closing: Closing,
): Promise<Tables> {
  const { url, streams, close } = await startDynamodb({
    port: settings.dynamodbPort,
    path: dataPath(settings, 'dynamodb'),
    tables: template.all('AWS::DynamoDB::Table').map(tableInput),
    streams: streamMappings(template).map(({ table, keys, matches }) => ({
      table,
      keys,
      isWanted: matches,
    })),
  });
  closing.defer(close);
  const client = new DynamoDBClient({ ...localCredentials, endpoint: url });
  closing.defer(() => {
    client.destroy();
  });
  await forgetLeases(client);
  return { url, client, streams };
}

/** Only this process uses the data: a run that held a lease died with the last one. */
async function forgetLeases(dynamodb: DynamoDBClient): Promise<void> {
  for (const name of ['backfill', 'reconcile']) {
    const Key = { scope: { S: 'lease' }, item: { S: name } };
    await dynamodb.send(new DeleteItemCommand({ TableName: 'MirrorState', Key }));
  }
}

/** The worker's fields, for commands that have to lift as it does. */
function fieldsOf(template: Template): string | undefined {
  const worker = template.one('AWS::Lambda::Function', 'Worker');
  return functionSettings(worker, (logicalId) => logicalId).variables['FIELDS'];
}

function queuesOf(template: Template): Map<string, Record<string, string>> {
  const queues = ['TaskDeadLetters', 'TaskQueue', 'ChangesFailures'].map((name) => {
    const resource = template.one('AWS::SQS::Queue', name);
    return [name, queueAttributes(resource, queueArn('TaskDeadLetters'))] as const;
  });
  return new Map(queues);
}

/** The physical name on this machine of what the template refers to. */
function localName(template: Template, aws: Aws, logicalId: string): string {
  const resource = template.resources.find((one) => one.logicalId === logicalId);
  if (resource === undefined) throw new Error(`the template has no resource ${logicalId}`);
  if (resource.type === 'AWS::SQS::Queue') return aws.queueUrl(resource.name);
  return resource.type === 'AWS::S3::Bucket' ? BUCKET : resource.name;
}

function startWorker(
  template: Template,
  { aws, client }: { readonly aws: Aws; readonly client: SQSClient },
  invoke: (name: string, event: unknown) => Promise<unknown>,
  closing: Closing,
): void {
  const poller = startPoller({
    client,
    queueUrl: aws.queueUrl('TaskQueue'),
    queueArn: queueArn('TaskQueue'),
    batchSize: workerBatchSize(template),
    concurrency: WORKER_CONCURRENCY,
    invokeWorker: (event) => invoke('Worker', event),
  });
  closing.defer(() => poller.stop());
}
