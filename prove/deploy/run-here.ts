import type { Closing } from '../../local/closing.ts';
import { type Aws, queueArn, startAws } from '../../local/emulators/aws.ts';
import { type Dynamodb, startDynamodb } from '../../local/emulators/dynamodb.ts';
import { listen } from '../../local/listen.ts';
import { type Clients, closeClients, createClients } from './deployed/clients.ts';
import type { Deployed } from './deployed/deployed.ts';
import { nameOf } from './deployed/read-storage.ts';
import { createHttpApi, type Invoke } from './wiring/http-api.ts';
import { type FunctionSettings, startFunctions } from './wiring/functions.ts';
import { startQueueSource } from './wiring/queue-source.ts';
import { startStreamSource, tableOfStream, wantedStreams } from './wiring/stream-source.ts';

export interface RunHereSettings extends FunctionSettings {
  readonly deployed: Deployed;
}

/** The deployed stack at work on this machine. */
export interface RunningHere {
  /** Of the HTTP API, without a path. */
  readonly apiUrl: string;
  readonly clients: Clients;
  readonly queueUrl: (name: string) => string;
  readonly invoke: Invoke;
  /** What was put on event buses, as rules would see it. */
  readonly events: readonly string[];
  /** What each function has asked AWS for, without repetitions. */
  readonly calls: ReadonlyMap<string, ReadonlySet<string>>;
}

/** Runs what was deployed, wired as it says itself, on queues, tables and a bucket of this machine. */
export async function runHere(settings: RunHereSettings, closing: Closing): Promise<RunningHere> {
  const { deployed } = settings;
  const events: string[] = [];
  const dynamodb = await startTables(deployed, closing);
  const aws = await startAws({
    port: 0,
    path: undefined,
    queues: queuesOf(deployed),
    bucket: deployed.bucket,
    // As the stack leaves them: nobody has filled them yet.
    secrets: new Map(deployed.secrets.map((arn) => [arn, ''])),
    invoke: () => Promise.reject(new Error('nobody is called by name here')),
    metrics: () => ({}),
    takeEvents: (lines) => events.push(...lines),
  });
  closing.defer(aws.close);
  const clients = createClients(aws.url, dynamodb.url);
  closing.defer(() => {
    closeClients(clients);
  });

  const { functions, calls } = await startFunctions(
    { ...settings, awsUrl: aws.url, dynamodbUrl: dynamodb.url },
    deployed,
    closing,
  );
  const invoke: Invoke = async (arn, event) => {
    const one = functions.get(arn);
    if (one === undefined) throw new Error(`the stack has no function ${arn}`);
    return one.invoke(event);
  };
  const api = await listen(createHttpApi(deployed.routes, invoke), 0, 'PORT');
  closing.defer(api.close);
  startSources(deployed, { aws, clients, dynamodb, invoke }, closing);
  return {
    apiUrl: api.url,
    clients,
    queueUrl: (name) => aws.queueUrl(name),
    invoke,
    events,
    calls,
  };
}

function queuesOf({ queues }: Deployed): Map<string, Record<string, string>> {
  const ofHere = (attributes: Readonly<Record<string, string>>): Record<string, string> => {
    const { RedrivePolicy, ...others } = attributes;
    if (RedrivePolicy === undefined) return others;
    const moved = queues.reduce(
      (policy, { arn, name }) => policy.replaceAll(arn, queueArn(name)),
      RedrivePolicy,
    );
    return { ...others, RedrivePolicy: moved };
  };
  return new Map(queues.map(({ name, attributes }) => [name, ofHere(attributes)]));
}

async function startTables({ tables, mappings }: Deployed, closing: Closing): Promise<Dynamodb> {
  const keysOf = (name: string): string[] => {
    const keys = tables.find(({ TableName }) => TableName === name)?.KeySchema ?? [];
    return keys.map(({ AttributeName = '' }) => AttributeName);
  };
  const streams = wantedStreams(mappings.streams, keysOf);
  const dynamodb = await startDynamodb({ port: 0, path: undefined, tables, streams });
  closing.defer(dynamodb.close);
  return dynamodb;
}

interface SourceParts {
  readonly aws: Aws;
  readonly clients: Clients;
  readonly dynamodb: Dynamodb;
  readonly invoke: Invoke;
}

function startSources(
  { mappings }: Deployed,
  { aws, clients: { sqs: client }, dynamodb, invoke }: SourceParts,
  closing: Closing,
): void {
  for (const mapping of mappings.queues) {
    const source = startQueueSource({
      ...{ mapping, client },
      queueUrl: aws.queueUrl(nameOf(mapping.EventSourceArn)),
      invoke: (event) => invoke(mapping.FunctionArn, event),
    });
    closing.defer(() => source.stop());
  }
  for (const mapping of mappings.streams) {
    const stream = dynamodb.streams.get(tableOfStream(mapping.EventSourceArn));
    if (stream === undefined) throw new Error(`there is no stream ${mapping.EventSourceArn}`);
    const source = startStreamSource({
      ...{ mapping, stream, client },
      failuresUrl: aws.queueUrl(nameOf(mapping.DestinationConfig.OnFailure.Destination)),
      invoke: (event) => invoke(mapping.FunctionArn, event),
    });
    closing.defer(() => source.stop());
  }
}
