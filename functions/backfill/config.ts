import { type Environment, requireEnv, requireInteger } from '../../shared/platform/env.ts';
import type { RequestLimits } from '../../shared/scale/request-limit.ts';
import type { Shape } from '../../shared/tasks/head.ts';
import { readListApi, readOpts } from '../../shared/scale/read-opts.ts';
import { type ConfiguredSource, parseSources } from '../../shared/walks/sources.ts';

export interface BackfillConfig {
  readonly mirrorStateTableName: string;
  readonly taskQueueUrl: string;
  readonly bodiesBucketName: string;
  readonly apiKeySecretId: string;
  readonly scaleApiUrl: string;
  readonly sources: readonly ConfiguredSource[];
  readonly otherStatusesEveryMs: number;
  readonly lookBackMs: number;
  readonly requests: RequestLimits;
  readonly listApi: Shape;
  readonly opts: readonly string[];
  readonly tasksTableName: string;
}

/** Reads backfill's environment; an error names the variable that is missing. */
export function loadConfig(env: Environment): BackfillConfig {
  return {
    mirrorStateTableName: requireEnv(env, 'MIRROR_STATE_TABLE_NAME'),
    taskQueueUrl: requireEnv(env, 'TASK_QUEUE_URL'),
    bodiesBucketName: requireEnv(env, 'BODIES_BUCKET_NAME'),
    apiKeySecretId: requireEnv(env, 'API_KEY_SECRET_ID'),
    scaleApiUrl: requireEnv(env, 'SCALE_API_URL'),
    sources: parseSources(requireEnv(env, 'SOURCES')),
    otherStatusesEveryMs: requireInteger(env, 'OTHER_STATUSES_EVERY_MS'),
    lookBackMs: requireInteger(env, 'LOOK_BACK_MS'),
    requests: {
      inFlight: requireInteger(env, 'REQUESTS_IN_FLIGHT'),
      perSecond: requireInteger(env, 'REQUESTS_PER_SECOND'),
    },
    listApi: readListApi(env),
    opts: readOpts(env),
    tasksTableName: requireEnv(env, 'TASKS_TABLE_NAME'),
  };
}
