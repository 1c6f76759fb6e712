import type { Numbers } from '../../readers/typescript/parse-json.ts';
import { systemClock, systemSleep } from '../../shared/platform/clock.ts';
import { readFields } from '../../shared/platform/fields-config.ts';
import type { Mirror, MirrorSecret, MirrorSecretStore } from '../mirror.ts';
import type { AwsPlace } from './aws-place.ts';
import { type Clients, openClients } from './clients.ts';

interface OpenedMirror extends Mirror {
  /** Ends the connections of all parts that were opened. */
  readonly close: () => void;
}

/** Calls to DynamoDB at once: fewer than by `openMirror`, since whoever exports documents holds all of their answers in memory. */
const READER_CONCURRENCY = 2;

/** The ports of a mirror on AWS, or on what speaks like it. */
export function openMirror(place: AwsPlace): OpenedMirror {
  const clients = openClients(place);
  return {
    ...tablesOf(place, clients),
    ...messagesOf(place, clients),
    ...functionsOf(place, clients),
    callbackUrl: () => Promise.resolve().then(() => place.nameOf('callbackUrl')),
    watch: () => place.watch(clients),
    fields: async () => readFields(await place.fields(clients)),
    apiKey: () => secretOf(place, clients, 'apiKey'),
    callbackKeys: () => secretOf(place, clients, 'callbackKeys'),
    secretStore: (secret) => secretStoreOf(place, clients, secret),
    keyUsage: async () => {
      if (place.keyUsage !== undefined) return place.keyUsage;
      const { createKeyUsage } = await import('../../shared/platform/cloudwatch-key-usage.ts');
      return createKeyUsage(await clients.cloudWatch(), systemClock);
    },
    close: clients.close,
  };
}

function tablesOf({ nameOf }: AwsPlace, { dynamodb, s3 }: Clients) {
  const tasksTable = async () => ({ tableName: nameOf('tasks'), client: await dynamodb() });
  const stateTable = async () => ({ tableName: nameOf('mirrorState'), client: await dynamodb() });
  const bodies: Mirror['bodies'] = async () => {
    const bucketName = nameOf('bodies');
    const { createBodies } = await import('../../shared/documents/bodies.ts');
    return createBodies({ bucketName, client: await s3() });
  };
  return {
    bodies,
    taskTable: async () => {
      const { createTaskTable } = await import('../../shared/tasks/dynamo-task-table.ts');
      const table = await tasksTable();
      return createTaskTable({ ...table, bodies: await bodies(), sleep: systemSleep });
    },
    taskIndex: async () => {
      const { createTaskIndex } = await import('../../shared/tasks/dynamo-task-index.ts');
      return createTaskIndex(await tasksTable());
    },
    reader: async (numbers?: Numbers) => {
      const { createMirror } = await import('../../readers/typescript/mirror.ts');
      return createMirror({
        dynamodb: await dynamodb(),
        tasksTable: nameOf('tasks'),
        // Named once it is needed: a task by its id needs no names of projects and batches.
        get mirrorStateTable() {
          return nameOf('mirrorState');
        },
        bodies: { get: async (key) => (await bodies()).get(key) },
        clock: systemClock,
        sleep: systemSleep,
        random: Math.random,
        concurrency: READER_CONCURRENCY,
        numbers,
      });
    },
    eraser: async () => {
      const { createTaskEraser } = await import('../../shared/tasks/dynamo-task-eraser.ts');
      return createTaskEraser({ ...(await tasksTable()), bodies: await bodies() });
    },
    headScan: async () => {
      const { createHeadScan } = await import('../../shared/tasks/dynamo-head-scan.ts');
      return createHeadScan(await tasksTable());
    },
    rebuildBook: async () => {
      const { createRebuildBook } = await import('../../shared/fields/dynamo-rebuild-book.ts');
      return createRebuildBook(await stateTable());
    },
    mirrorState: async () => {
      const { createMirrorState } = await import('../../shared/coverage/dynamo-mirror-state.ts');
      return createMirrorState(await stateTable());
    },
    batchBook: async () => {
      const { createBatchBook } = await import('../../shared/coverage/dynamo-batch-book.ts');
      return createBatchBook(await stateTable());
    },
    directory: async () => {
      const { createDirectory } = await import('../../shared/coverage/dynamo-directory.ts');
      return createDirectory(await stateTable());
    },
    reports: async () => {
      const { createReports } = await import('../../shared/coverage/dynamo-reports.ts');
      return createReports(await stateTable());
    },
  } satisfies Partial<Mirror>;
}

function messagesOf({ nameOf }: AwsPlace, { sqs }: Clients) {
  return {
    deadLetters: async () => {
      const queueUrl = nameOf('taskDeadLetters');
      const { createDeadLetters } = await import('../../shared/queue/dead-letters.ts');
      return createDeadLetters({ queueUrl, client: await sqs() });
    },
    queueDepths: async () => {
      const urls = { taskQueueUrl: nameOf('taskQueue'), deadLettersUrl: nameOf('taskDeadLetters') };
      const { readQueueDepths } = await import('./queue-depths.ts');
      return readQueueDepths({ ...urls, client: await sqs() });
    },
    taskQueue: async () => {
      const queueUrl = nameOf('taskQueue');
      const { createTaskQueue } = await import('../../shared/queue/task-queue.ts');
      return createTaskQueue({ queueUrl, client: await sqs() });
    },
  } satisfies Partial<Mirror>;
}

function functionsOf({ nameOf, counts }: AwsPlace, { lambda, cloudWatch }: Clients) {
  return {
    invoke: async () => {
      const { invokeLambda } = await import('./invoke-lambda.ts');
      const client = await lambda();
      return (name, event) => invokeLambda(client, nameOf(name), event);
    },
    counts: async () => {
      if (counts !== undefined) return counts;
      const queueName = nameOf('taskQueue').split('/').at(-1) ?? '';
      const { cloudWatchCounts } = await import('./cloudwatch-counts.ts');
      return cloudWatchCounts(await cloudWatch(), queueName);
    },
  } satisfies Partial<Mirror>;
}

async function secretOf(
  { nameOf }: AwsPlace,
  { secretsManager }: Clients,
  resource: 'apiKey' | 'callbackKeys',
): Promise<MirrorSecret> {
  const id = nameOf(resource);
  const { readSecretsManager } = await import('../../shared/platform/secret.ts');
  return { id, read: readSecretsManager(await secretsManager(), id) };
}

async function secretStoreOf(
  { nameOf }: AwsPlace,
  { secretsManager }: Clients,
  resource: 'apiKey' | 'callbackKeys',
): Promise<MirrorSecretStore> {
  const id = nameOf(resource);
  const { createSecretStore } = await import('../../shared/platform/secrets-manager-store.ts');
  return { id, ...createSecretStore(await secretsManager(), id) };
}
