import { type Environment, requireEnv } from '../../shared/platform/env.ts';

export interface ChangesConfig {
  readonly tasksTableName: string;
  readonly eventBusName: string;
  readonly changesFailuresUrl: string;
}

/** Reads the environment of `changes`; an error names the variable that is missing. */
export function loadConfig(env: Environment): ChangesConfig {
  return {
    tasksTableName: requireEnv(env, 'TASKS_TABLE_NAME'),
    eventBusName: requireEnv(env, 'EVENT_BUS_NAME'),
    changesFailuresUrl: requireEnv(env, 'CHANGES_FAILURES_URL'),
  };
}
