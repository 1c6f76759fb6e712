import type { OrderSettings } from '../../shared/observations/observation.ts';
import { type Environment, requireEnv, requireInteger } from '../../shared/platform/env.ts';
import type { Shape } from '../../shared/tasks/head.ts';
import { readListApi, readOpts } from '../../shared/scale/read-opts.ts';
import type { RequestLimits } from '../../shared/scale/request-limit.ts';
import { type ConfiguredSource, parseSources } from '../../shared/walks/sources.ts';

export interface ReconcileConfig {
  readonly mirrorStateTableName: string;
  readonly tasksTableName: string;
  readonly taskQueueUrl: string;
  readonly bodiesBucketName: string;
  readonly apiKeySecretId: string;
  readonly scaleApiUrl: string;
  readonly sources: readonly ConfiguredSource[];
  readonly everyMs: number;
  readonly order: OrderSettings;
  readonly requests: RequestLimits;
  readonly listApi: Shape;
  readonly opts: readonly string[];
}

/** Reads reconcile's environment; an error names the variable that is missing. */
export function loadConfig(env: Environment): ReconcileConfig {
  return {
    mirrorStateTableName: requireEnv(env, 'MIRROR_STATE_TABLE_NAME'),
    tasksTableName: requireEnv(env, 'TASKS_TABLE_NAME'),
    taskQueueUrl: requireEnv(env, 'TASK_QUEUE_URL'),
    bodiesBucketName: requireEnv(env, 'BODIES_BUCKET_NAME'),
    apiKeySecretId: requireEnv(env, 'API_KEY_SECRET_ID'),
    scaleApiUrl: requireEnv(env, 'SCALE_API_URL'),
    sources: parseSources(requireEnv(env, 'SOURCES')),
    everyMs: requireInteger(env, 'RECONCILE_EVERY_MS'),
    order: {
      settleMs: requireInteger(env, 'ORDER_SETTLE_MS'),
      skewMs: requireInteger(env, 'ORDER_SKEW_MS'),
    },
    requests: {
      inFlight: requireInteger(env, 'REQUESTS_IN_FLIGHT'),
      perSecond: requireInteger(env, 'REQUESTS_PER_SECOND'),
    },
    listApi: readListApi(env),
    opts: readOpts(env),
  };
}
