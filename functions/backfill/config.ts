import { type Environment, requireEnv } from '../../shared/platform/env.ts';
import { type ConfiguredSource, parseSources } from './sources.ts';

export interface BackfillConfig {
  readonly mirrorStateTableName: string;
  readonly taskQueueUrl: string;
  readonly bodiesBucketName: string;
  readonly apiKeySecretId: string;
  readonly scaleApiUrl: string;
  readonly sources: readonly ConfiguredSource[];
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
  };
}
