import { systemSleep } from '../../shared/platform/clock.ts';
import type { Functions, Mirror, MirrorSecret } from '../mirror.ts';
import type { AwsPlace } from './aws-place.ts';
import { type Clients, openClients } from './clients.ts';

interface OpenedMirror extends Mirror {
  /** Ends the connections of all parts that were opened. */
  readonly close: () => void;
}

/** The ports of a mirror on AWS, or on what speaks like it. */
export function openMirror(place: AwsPlace): OpenedMirror {
  const clients = openClients(place);
  return {
    ...tablesOf(place, clients),
    ...messagesOf(place, clients),
    functions: () => functionsOf(place, clients),
    apiKey: () => secretOf(place, clients, 'apiKey'),
    callbackKeys: () => secretOf(place, clients, 'callbackKeys'),
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
    taskQueue: async () => {
      const queueUrl = nameOf('taskQueue');
      const { createTaskQueue } = await import('../../shared/queue/task-queue.ts');
      return createTaskQueue({ queueUrl, client: await sqs() });
    },
    deadLetters: async () => {
      const queueUrl = nameOf('taskDeadLetters');
      const { createDeadLetters } = await import('../../shared/queue/dead-letters.ts');
      return createDeadLetters({ queueUrl, client: await sqs() });
    },
  } satisfies Partial<Mirror>;
}

async function functionsOf(
  { nameOf, lambdaEndpoint: endpoint }: AwsPlace,
  { sqs }: Clients,
): Promise<Functions> {
  const { invokeFunction } = await import('./invoke-function.ts');
  const settings = { signedBy: await sqs(), endpoint, retries: 3, firstRetryMs: 1_000 };
  return {
    invoke: (name, event, signal) => invokeFunction(settings, nameOf(name), event, signal),
  };
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
