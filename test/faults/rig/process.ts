import { createArchive } from '../../../functions/archive-dead-letters/archive-dead-letters.ts';
import { type BackfillDependencies, createBackfill } from '../../../functions/backfill/backfill.ts';
import { sweepInbox } from '../../../functions/backfill/sweep-inbox.ts';
import { createReconcile } from '../../../functions/reconcile/reconcile.ts';
import { createIngest } from '../../../functions/ingest/ingest.ts';
import { worldOf } from '../../../shared/scale/world.ts';
import { createWorker } from '../../../functions/worker/worker.ts';
import { cachedDirectory } from '../../../shared/coverage/cached-directory.ts';
import { createBatchBook } from '../../../shared/coverage/dynamo-batch-book.ts';
import { createDirectory } from '../../../shared/coverage/dynamo-directory.ts';
import { createCountsBook } from '../../../shared/coverage/dynamo-counts-book.ts';
import { createReports } from '../../../shared/coverage/dynamo-reports.ts';
import { createMirrorState } from '../../../shared/coverage/dynamo-mirror-state.ts';
import { createBodies } from '../../../shared/documents/bodies.ts';
import { createFieldLifter } from '../../../shared/fields/field-lifter.ts';
import type { Clock } from '../../../shared/platform/clock.ts';
import type { FieldsConfig } from '../../../shared/platform/fields-config.ts';
import { cachedSecret, readSecretsManager } from '../../../shared/platform/secret.ts';
import { createDeadLetters } from '../../../shared/queue/dead-letters.ts';
import { createTaskQueue } from '../../../shared/queue/task-queue.ts';
import { createScaleApi } from '../../../shared/scale/scale-api.ts';
import { createTaskIndex } from '../../../shared/tasks/dynamo-task-index.ts';
import { createTaskTable } from '../../../shared/tasks/dynamo-task-table.ts';
import { fakeLog, fakeMetrics } from '../../support/fake-telemetry.ts';
import { callingAs } from './caller.ts';
import type { Clients } from './clients.ts';
import type { Resources } from './resources.ts';

const SETTLE_MS = 10_000;

/** As deployed: two days before SQS would drop a letter. */
export const ARCHIVE_AFTER_MS = 12 * 24 * 60 * 60_000;

/** The emulator's secret that holds a value; any other name is one that nobody has filled. */
const FULL_SECRET = 'full';

/** The value of {@link FULL_SECRET}. */
export const SECRET_VALUE = 'a-secret';

export interface ProcessSettings {
  readonly resources: Resources;
  readonly clock: Clock;
  readonly clients: Clients;
  /** Of ingest, whose limits are tighter. */
  readonly ingestClients: Clients;
  readonly scaleFetch: typeof fetch;
  readonly sources: BackfillDependencies['sources'];
  readonly hasKey: boolean;
  /** What is lifted into heads. */
  readonly fields?: FieldsConfig;
}

/** The functions with their adapters, wired as the handlers wire them. */
export type Functions = ReturnType<typeof createFunctions>;

export function createFunctions(settings: ProcessSettings) {
  const { resources, clock, clients } = settings;
  const as = callingAs(resources);
  const log = fakeLog();
  const common = { ...createStores(clients, resources, clock), clock, metrics: fakeMetrics(), log };
  const keyId = settings.hasKey ? FULL_SECRET : 'empty';
  const readApiKey = readSecretsManager(clients.secrets, keyId);
  const readCachedKey = cached(readApiKey, clock);
  const createApi = (retries: number) => (apiKey: string) =>
    scaleApi(settings, { apiKey, retries });
  return {
    log,
    ingest: as(
      'Ingest',
      createIngest({
        ...common,
        ...createStores(settings.ingestClients, resources, clock),
        readCallbackKeys: cached(
          readSecretsManager(settings.ingestClients.secrets, FULL_SECRET),
          clock,
        ),
        callbackKeysSecretId: FULL_SECRET,
      }),
    ),
    work: as(
      'Worker',
      createWorker({
        ...common,
        directory: cachedDirectory(common.directory, clock),
        historyMs: undefined,
        fieldLifter: createFieldLifter(settings.fields),
        order: { settleMs: SETTLE_MS, skewMs: 5_000 },
        deadLetters: deadLettersOf(settings),
        scale: async () => {
          const key = await readCachedKey();
          return key === undefined ? undefined : { api: createApi(0)(key), world: worldOf(key) };
        },
      }),
    ),
    backfill: as(
      'Backfill',
      createBackfill({
        ...common,
        sources: settings.sources,
        readApiKey,
        apiKeySecretId: keyId,
        createApi: createApi(4),
        otherStatusesEveryMs: 0,
        lookBackMs: 60 * 60_000,
        walkers: 1,
        listApi: 'v2',
        opts: [],
      }),
    ),
    reconcile: as(
      'Reconcile',
      createReconcile({
        ...common,
        sources: settings.sources,
        readApiKey,
        apiKeySecretId: keyId,
        createApi: createApi(4),
        everyMs: 24 * 60 * 60_000,
        order: { settleMs: SETTLE_MS, skewMs: 5_000 },
        walkers: 1,
        listApi: 'v2',
        opts: [],
      }),
    ),
    sweep: as('Backfill', () => sweepInbox(common)),
    archive: as(
      'Archive',
      createArchive({
        ...common,
        deadLetters: createDeadLetters({
          client: clients.sqs,
          queueUrl: deadLettersUrlOf(settings),
        }),
        archiveAfterMs: ARCHIVE_AFTER_MS,
      }),
    ),
  };
}

function deadLettersUrlOf({ resources }: ProcessSettings): string {
  return resources.deadLetters?.queueUrl ?? resources.queueUrl;
}

function deadLettersOf(settings: ProcessSettings) {
  const { clients, resources } = settings;
  const queueUrl = deadLettersUrlOf(settings);
  const afterTries = resources.deadLetters?.afterTries ?? Infinity;
  return { queue: createTaskQueue({ client: clients.sqs, queueUrl }), afterTries };
}

export function createStores({ dynamodb, sqs, s3 }: Clients, resources: Resources, clock: Clock) {
  const bodies = createBodies({ client: s3, bucketName: resources.bucket });
  const mirrorStateTable = { client: dynamodb, tableName: resources.mirrorState };
  const sleep = () => Promise.resolve();
  return {
    clock,
    bodies,
    taskTable: createTaskTable({ client: dynamodb, tableName: resources.tasks, bodies, sleep }),
    taskIndex: createTaskIndex({ client: dynamodb, tableName: resources.tasks }),
    taskQueue: createTaskQueue({ client: sqs, queueUrl: resources.queueUrl }),
    mirrorState: createMirrorState(mirrorStateTable),
    reports: createReports(mirrorStateTable),
    countsBook: createCountsBook(mirrorStateTable),
    directory: createDirectory(mirrorStateTable),
    batchBook: createBatchBook(mirrorStateTable),
  };
}

function cached(read: () => Promise<string | undefined>, clock: Clock) {
  return cachedSecret({ read, clock, maxAgeMs: 60_000, onRefreshFailure: () => undefined });
}

function scaleApi(
  { scaleFetch, clock }: ProcessSettings,
  { apiKey, retries }: { apiKey: string; retries: number },
) {
  return createScaleApi({
    baseUrl: 'http://scale.invalid',
    apiKey: () => Promise.resolve(apiKey),
    fetch: scaleFetch,
    limit: (request) => request(),
    clock,
    sleep: () => Promise.resolve(),
    timeoutMs: 30_000,
    retries,
    firstRetryMs: 1,
    mayRetry: () => true,
  });
}
