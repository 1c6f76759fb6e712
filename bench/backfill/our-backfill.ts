import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { SQSClient } from '@aws-sdk/client-sqs';

import { createBackfill } from '../../functions/backfill/backfill.ts';
import { inMemoryDirectory } from '../../prove/ports/in-memory-directory.ts';
import { inMemoryTaskTable } from '../../prove/ports/in-memory-task-table.ts';
import { keptNowhere } from '../../prove/ports/kept-nowhere.ts';
import { createMirrorState } from '../../shared/coverage/dynamo-mirror-state.ts';
import { systemClock, systemSleep } from '../../shared/platform/clock.ts';
import { createTaskQueue } from '../../shared/queue/task-queue.ts';
import { createRequestLimit } from '../../shared/scale/request-limit.ts';
import { createScaleApi, type ScaleApi } from '../../shared/scale/scale-api.ts';
import type { Account } from './account.ts';

export interface Aws {
  readonly dynamodb: DynamoDBClient;
  readonly sqs: SQSClient;
  readonly sqsUrl: string;
}

export interface Walked {
  readonly ms: number;
  /** Asked for, whether or not they were taken in. */
  readonly pages: number;
  readonly tasks: number;
}

const HOUR_MS = 3_600_000;
const SILENT = { info: () => undefined, warn: () => undefined, error: () => undefined };

/** One first run of the real function, to the end: every task of the project is with SQS. */
export async function runOurBackfill(
  { scaleUrl, apiKey, project }: Account,
  { dynamodb, sqs, sqsUrl }: Aws,
  { inFlight, run }: { readonly inFlight: number; readonly run: string },
): Promise<Walked> {
  const counted = { pages: 0 };
  const backfill = createBackfill({
    // Its name tells one run from another in MirrorState; Scale does not tell upper and lower case apart.
    sources: [{ project }],
    readApiKey: () => Promise.resolve(apiKey),
    apiKeySecretId: 'none',
    createApi: createApi(scaleUrl, inFlight, counted),
    taskQueue: createTaskQueue({ client: sqs, queueUrl: sqsUrl }),
    mirrorState: createMirrorState({ client: dynamodb, tableName: 'MirrorState' }),
    directory: inMemoryDirectory(),
    batchBook: { get: notAsked, put: notAsked, listOpen: () => Promise.resolve([]) },
    taskIndex: inMemoryTaskTable(),
    bodies: keptNowhere,
    ...{ otherStatusesEveryMs: 24 * HOUR_MS, lookBackMs: HOUR_MS, walkers: inFlight },
    listApi: 'v2',
    opts: [run],
    clock: systemClock,
    metrics: { count: () => undefined, countBy: () => undefined, seconds: () => undefined },
    log: SILENT,
  });
  const startedAt = performance.now();
  const { outcome, tasks } = await backfill(() => HOUR_MS, { isFull: false });
  if (outcome !== 'finished') throw new Error(`the backfill ended ${outcome}`);
  return { ms: performance.now() - startedAt, pages: counted.pages, tasks };
}

function createApi(baseUrl: string, inFlight: number, counted: { pages: number }) {
  const limit = createRequestLimit({ inFlight, perSecond: 100 });
  return (key: string): ScaleApi => {
    const api = createScaleApi({
      ...{ baseUrl, apiKey: () => Promise.resolve(key), fetch, limit },
      ...{ clock: systemClock, sleep: systemSleep, timeoutMs: 60_000 },
      ...{ retries: 4, firstRetryMs: 1_000, mayRetry: () => true },
    });
    return {
      ...api,
      listTasks: (...asked) => {
        counted.pages += 1;
        return api.listTasks(...asked);
      },
      // An account without v1, whose list of changes would be read beside the walk.
      listV1Tasks: notAsked,
    };
  };
}

const notAsked = (): Promise<never> => Promise.reject(new Error('this account has none'));
