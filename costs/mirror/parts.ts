import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { S3Client } from '@aws-sdk/client-s3';
import { SQSClient } from '@aws-sdk/client-sqs';

import { listen } from '../../local/listen.ts';
import { createManualClock, type TurnableClock } from '../../local/simulator/clock.ts';
import { createSimulatorServer } from '../../local/simulator/simulator-server.ts';
import { createSimulator, type Simulator } from '../../local/simulator/simulator.ts';
import { type Bodies, createBodies } from '../../shared/documents/bodies.ts';
import { createMeter, type Meter } from '../meter/meter.ts';
import { meterBucket, meterEvents, meterQueue } from '../meter/metered-clients.ts';
import { meterDynamodb, type Written } from '../meter/metered-dynamodb.ts';
import {
  awsSettings,
  dynamodbSettings,
  type Endpoints,
  makeBucket,
  makeQueue,
  makeTables,
} from './resources.ts';
import { TABLES } from './tables.ts';

export interface PartsSettings extends Endpoints {
  /** Messages that the worker gets in one call, 1 to 10. */
  readonly perBatch?: number;
}

/** What the functions of a metered mirror share. */
export interface Parts {
  readonly meter: Meter;
  readonly clock: TurnableClock;
  readonly perBatch: number;
  readonly clients: {
    readonly dynamodb: DynamoDBClient;
    readonly sqs: SQSClient;
    /** Asks how full the queue is; not metered. */
    readonly looking: SQSClient;
    readonly events: EventBridgeClient;
  };
  readonly bodies: Bodies;
  readonly tasksTable: string;
  readonly mirrorStateTable: string;
  readonly taskQueueUrl: string;
  readonly deadLettersUrl: string;
  /** Writes of heads that are not published yet. */
  readonly writtenHeads: Written[];
  readonly simulator: Simulator;
  readonly scaleUrl: string;
  /** Tasks that Scale shows to the worker, by their ids. */
  readonly shown: ReadonlyMap<string, string>;
  readonly show: (taskId: string, task: string) => void;
  readonly close: () => Promise<void>;
}

export const API_KEY = 'test_local';

const NOON = Date.parse('2026-11-21T12:00:00.000Z');
const MOST_PER_BATCH = 10;

export async function openParts(settings: PartsSettings): Promise<Parts> {
  const meter = createMeter();
  const tables = await makeTables(settings, TABLES);
  const tasksTable = tables.get('Tasks')?.TableName ?? '';
  const writtenHeads: Written[] = [];
  const clients = {
    dynamodb: new DynamoDBClient(dynamodbSettings(settings)),
    sqs: new SQSClient(awsSettings(settings)),
    looking: new SQSClient(awsSettings(settings)),
    s3: new S3Client({ ...awsSettings(settings), forcePathStyle: true }),
    events: new EventBridgeClient(awsSettings(settings)),
  };
  const lookingAtItems = new DynamoDBClient(dynamodbSettings(settings));
  meterDynamodb({
    ...{ meter, client: clients.dynamodb },
    looking: lookingAtItems,
    tables: [...tables.values()],
    placeOf: (table, { record }) => {
      if (table !== tasksTable) return 'state';
      return record?.S === 'task' ? 'heads' : 'documents';
    },
    onWritten: (written) => {
      const isHead = written.table === tasksTable && written.key['record']?.S === 'task';
      if (isHead) writtenHeads.push(written);
    },
  });
  meterQueue(meter, clients.sqs);
  meterBucket(meter, clients.s3);
  meterEvents(meter, clients.events);
  const clock = createManualClock(NOON);
  const simulator = createSimulator({ clock });
  const scale = await listen(createSimulatorServer(simulator, API_KEY), 0, 'none');
  const shown = new Map<string, string>();
  return {
    ...{ meter, clock, clients, tasksTable, writtenHeads, simulator, shown },
    perBatch: settings.perBatch ?? MOST_PER_BATCH,
    bodies: createBodies({ client: clients.s3, bucketName: await makeBucket(settings) }),
    mirrorStateTable: tables.get('MirrorState')?.TableName ?? '',
    taskQueueUrl: await makeQueue(settings),
    deadLettersUrl: await makeQueue(settings),
    scaleUrl: scale.url,
    show: (taskId, task) => shown.set(taskId, task),
    close: async () => {
      simulator.close();
      await scale.close();
      for (const client of [...Object.values(clients), lookingAtItems]) client.destroy();
    },
  };
}
