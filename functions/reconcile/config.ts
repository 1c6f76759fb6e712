import type { OrderSettings } from '../../shared/observations/observation.ts';
import { type Environment, requireInteger } from '../../shared/platform/env.ts';
import { loadWalkConfig, type WalkConfig } from '../../shared/walks/walk-config.ts';

export interface ReconcileConfig extends WalkConfig {
  readonly everyMs: number;
  readonly order: OrderSettings;
}

/** Reads reconcile's environment; an error names the variable that is missing. */
export function loadConfig(env: Environment): ReconcileConfig {
  return {
    ...loadWalkConfig(env),
    everyMs: requireInteger(env, 'RECONCILE_EVERY_MS'),
    order: {
      settleMs: requireInteger(env, 'ORDER_SETTLE_MS'),
      skewMs: requireInteger(env, 'ORDER_SKEW_MS'),
    },
  };
}
