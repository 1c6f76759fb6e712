import { type Environment, requireInteger } from '../../shared/platform/env.ts';
import { loadWalkConfig, type WalkConfig } from '../../shared/walks/walk-config.ts';

export interface BackfillConfig extends WalkConfig {
  readonly otherStatusesEveryMs: number;
  readonly lookBackMs: number;
}

/** Reads backfill's environment; an error names the variable that is missing. */
export function loadConfig(env: Environment): BackfillConfig {
  return {
    ...loadWalkConfig(env),
    otherStatusesEveryMs: requireInteger(env, 'OTHER_STATUSES_EVERY_MS'),
    lookBackMs: requireInteger(env, 'LOOK_BACK_MS'),
  };
}
