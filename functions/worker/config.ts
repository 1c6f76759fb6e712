import type { OrderSettings } from '../../shared/observations/observation.ts';
import { type FieldsConfig, readFields } from '../../shared/platform/fields-config.ts';
import { type Environment, requireEnv, requireInteger } from '../../shared/platform/env.ts';
import { readOpts } from '../../shared/scale/read-opts.ts';

export interface WorkerConfig {
  readonly tasksTableName: string;
  readonly mirrorStateTableName: string;
  readonly taskQueueUrl: string;
  readonly taskDeadLettersUrl: string;
  readonly maxReceiveCount: number;
  readonly bodiesBucketName: string;
  readonly apiKeySecretId: string;
  readonly scaleApiUrl: string;
  readonly opts: readonly string[];
  readonly order: OrderSettings;
  readonly historyMs: number | undefined;
  readonly fields: FieldsConfig | undefined;
}

/** Reads the worker's environment; an error names the variable that is missing. */
export function loadConfig(env: Environment): WorkerConfig {
  return {
    tasksTableName: requireEnv(env, 'TASKS_TABLE_NAME'),
    mirrorStateTableName: requireEnv(env, 'MIRROR_STATE_TABLE_NAME'),
    taskQueueUrl: requireEnv(env, 'TASK_QUEUE_URL'),
    taskDeadLettersUrl: requireEnv(env, 'TASK_DEAD_LETTERS_URL'),
    maxReceiveCount: requireInteger(env, 'MAX_RECEIVE_COUNT'),
    bodiesBucketName: requireEnv(env, 'BODIES_BUCKET_NAME'),
    apiKeySecretId: requireEnv(env, 'API_KEY_SECRET_ID'),
    scaleApiUrl: requireEnv(env, 'SCALE_API_URL'),
    opts: readOpts(env),
    historyMs: env['HISTORY_MS'] === undefined ? undefined : requireInteger(env, 'HISTORY_MS'),
    fields: readFields(env['FIELDS']),
    order: {
      settleMs: requireInteger(env, 'ORDER_SETTLE_MS'),
      skewMs: requireInteger(env, 'ORDER_SKEW_MS'),
    },
  };
}
