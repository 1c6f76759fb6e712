import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SQSClient } from '@aws-sdk/client-sqs';

import { FaultyHandler, type Handler } from './faulty-handler.ts';
import type { Service } from './aws-answers.ts';
import { currentProcess } from './current-process.ts';
import { noDelays } from './queue.ts';

/** The clients of one process of the mirror, or those that look at what it has done. */
export interface Clients {
  readonly dynamodb: DynamoDBClient;
  readonly sqs: SQSClient;
  readonly s3: S3Client;
  readonly secrets: SecretsManagerClient;
}

const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };

/** One set for a whole test file, and closed by it. */
export interface AllClients {
  /** Nothing happens to them. */
  readonly plain: Clients;
  /** Of worker and backfill. */
  readonly clients: Clients;
  /** Of ingest, which tries less often. */
  readonly ingestClients: Clients;
  close(): void;
}

export function openClients(): AllClients {
  const plain = {
    dynamodb: new DynamoDBClient({ credentials }),
    sqs: new SQSClient({ credentials }),
    s3: new S3Client({ credentials }),
    secrets: new SecretsManagerClient({ credentials }),
  };
  return {
    plain,
    clients: gatedClients(plain, 4),
    ingestClients: gatedClients(plain, 2),
    close: () => {
      for (const client of Object.values(plain)) client.destroy();
    },
  };
}

/** Clients that ask the gate of the process in whose name they are called; they share the plain ones' connections. */
function gatedClients(plain: Clients, maxAttempts: number): Clients {
  const settings = (service: Service, { config }: { config: { requestHandler: unknown } }) => ({
    credentials,
    maxAttempts,
    requestHandler: new FaultyHandler(service, config.requestHandler as Handler),
  });
  const { dynamodb, sqs, s3, secrets } = plain;
  const clients = {
    dynamodb: new DynamoDBClient(settings('dynamodb', dynamodb)),
    sqs: new SQSClient(settings('sqs', sqs)),
    s3: new S3Client(settings('s3', s3)),
    secrets: new SecretsManagerClient(settings('secretsmanager', secrets)),
  };
  for (const { config } of Object.values(clients)) retryQuickly(config);
  noDelays(clients.sqs, (seconds) => {
    currentProcess().onDelay(seconds);
  });
  return clients;
}

/**
 * The SDK's own strategy decides what is tried again and how often, only sooner, and a run has no less of
 * a budget of retries for what the runs before it used up.
 */
function retryQuickly(config: Pick<DynamoDBClient['config'], 'retryStrategy'>): void {
  const create = config.retryStrategy;
  const quick = create().then((strategy) => {
    const retryBackoffStrategy = {
      setDelayBase: () => undefined,
      computeNextBackoffDelay: () => 1,
    };
    const capacity = { get: () => 500, set: () => undefined };
    return Object.defineProperty(
      Object.assign(strategy, { retryBackoffStrategy }),
      'capacity',
      capacity,
    );
  });
  config.retryStrategy = () => quick;
}
