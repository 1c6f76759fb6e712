import { type Environment, requireEnv } from '../../shared/platform/env.ts';

export interface IngestConfig {
  readonly taskQueueUrl: string;
  readonly bodiesBucketName: string;
  readonly callbackKeysSecretId: string;
}

/** Reads ingest's environment; an error names the variable that is missing. */
export function loadConfig(env: Environment): IngestConfig {
  return {
    taskQueueUrl: requireEnv(env, 'TASK_QUEUE_URL'),
    bodiesBucketName: requireEnv(env, 'BODIES_BUCKET_NAME'),
    callbackKeysSecretId: requireEnv(env, 'CALLBACK_KEYS_SECRET_ID'),
  };
}
