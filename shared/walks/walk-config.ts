import { type Environment, requireEnv, requireInteger } from '../platform/env.ts';
import { readListApi, readOpts } from '../scale/read-opts.ts';
import type { RequestLimits } from '../scale/request-limit.ts';
import type { Shape } from '../tasks/head.ts';
import { type ConfiguredSource, parseSources } from './sources.ts';

/** What a function that walks sources is told by its environment. */
export interface WalkConfig {
  readonly mirrorStateTableName: string;
  readonly tasksTableName: string;
  readonly taskQueueUrl: string;
  readonly bodiesBucketName: string;
  readonly apiKeySecretId: string;
  readonly scaleApiUrl: string;
  readonly sources: readonly ConfiguredSource[];
  readonly requests: RequestLimits;
  /** The API that lists the tasks. */
  readonly listApi: Shape;
  readonly opts: readonly string[];
}

/** Reads what every walking function needs; an error names the variable that is missing. */
export function loadWalkConfig(env: Environment): WalkConfig {
  return {
    mirrorStateTableName: requireEnv(env, 'MIRROR_STATE_TABLE_NAME'),
    tasksTableName: requireEnv(env, 'TASKS_TABLE_NAME'),
    taskQueueUrl: requireEnv(env, 'TASK_QUEUE_URL'),
    bodiesBucketName: requireEnv(env, 'BODIES_BUCKET_NAME'),
    apiKeySecretId: requireEnv(env, 'API_KEY_SECRET_ID'),
    scaleApiUrl: requireEnv(env, 'SCALE_API_URL'),
    sources: parseSources(requireEnv(env, 'SOURCES')),
    requests: {
      inFlight: requireInteger(env, 'REQUESTS_IN_FLIGHT'),
      perSecond: requireInteger(env, 'REQUESTS_PER_SECOND'),
    },
    listApi: readListApi(env),
    opts: readOpts(env),
  };
}
