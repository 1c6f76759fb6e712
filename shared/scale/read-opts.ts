import type { Environment } from '../platform/env.ts';
import type { Shape } from '../tasks/head.ts';

/**
 * The `opts` that tasks of v2 are read with, from a comma-separated variable. Backfill and worker share
 * it: a confirm that read a task with other options would find another document than the walk.
 */
export function readOpts(env: Environment): readonly string[] {
  return (env['READ_OPTS'] ?? '').split(',').filter((opt) => opt !== '');
}

/** The API that lists tasks, for backfill and reconcile alike. */
export function readListApi(env: Environment): Shape {
  return env['LIST_API'] === 'v1' ? 'v1' : 'v2';
}
