import type { Environment } from '../../shared/platform/env.ts';

/** What a mirror consists of: the output of a stack and the variable that name each. */
export const mirrorResources = {
  tasks: { output: 'TasksTableName', variable: 'TASKS_TABLE_NAME' },
  mirrorState: { output: 'MirrorStateTableName', variable: 'MIRROR_STATE_TABLE_NAME' },
  bodies: { output: 'BodiesBucketName', variable: 'BODIES_BUCKET_NAME' },
  taskQueue: { output: 'TaskQueueUrl', variable: 'TASK_QUEUE_URL' },
  taskDeadLetters: { output: 'TaskDeadLettersUrl', variable: 'TASK_DEAD_LETTERS_URL' },
  callbackUrl: { output: 'CallbackUrl', variable: 'CALLBACK_URL' },
  worker: { output: 'WorkerFunctionName', variable: 'WORKER_FUNCTION_NAME' },
  backfill: { output: 'BackfillFunctionName', variable: 'BACKFILL_FUNCTION_NAME' },
  reconcile: { output: 'ReconcileFunctionName', variable: 'RECONCILE_FUNCTION_NAME' },
  apiKey: { output: 'ApiKeySecretName', variable: 'API_KEY_SECRET_ID' },
  callbackKeys: { output: 'CallbackKeysSecretName', variable: 'CALLBACK_KEYS_SECRET_ID' },
} as const;

export type MirrorResource = keyof typeof mirrorResources;

/** Says by which name or URL AWS knows a resource; a `CommandFailure` where this place does not say it. */
export type NameOf = (resource: MirrorResource) => string;

/** Whether any variable names a part of a mirror. */
export function namesMirror(env: Environment): boolean {
  return Object.values(mirrorResources).some(({ variable }) => (env[variable] ?? '') !== '');
}
