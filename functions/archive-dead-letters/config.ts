import { type Environment, requireEnv, requireInteger } from '../../shared/platform/env.ts';

export interface ArchiveConfig {
  readonly taskDeadLettersUrl: string;
  readonly bodiesBucketName: string;
  readonly archiveAfterMs: number;
}

/** Reads the archiver's environment; an error names the variable that is missing. */
export function loadConfig(env: Environment): ArchiveConfig {
  return {
    taskDeadLettersUrl: requireEnv(env, 'TASK_DEAD_LETTERS_URL'),
    bodiesBucketName: requireEnv(env, 'BODIES_BUCKET_NAME'),
    archiveAfterMs: requireInteger(env, 'ARCHIVE_AFTER_MS'),
  };
}
