import type { Shape } from '../../shared/tasks/head.ts';
import type { Source } from '../../shared/walks/sources.ts';
import { isListed, UPDATED, walkedStatuses } from '../../shared/walks/statuses.ts';
import type { Walk } from '../../shared/walks/walk.ts';

export interface WalksOfSettings {
  /** The API that lists the tasks: v1 for Data Engine projects that are to be mirrored in its form. */
  readonly listApi: Shape;
  /** What pages of v2 are asked to hold beside the usual. */
  readonly opts: readonly string[];
}

/** All walks of a source, completions first: they are what people wait for. */
export function walksOf(
  { listApi: api, opts }: WalksOfSettings,
  source: Source,
  tellsChanges: boolean,
): Walk[] {
  const statuses = walkedStatuses.filter((status) => isListed(api, status));
  const walks: Walk[] = statuses.map((status) => ({ source, status, api, opts }));
  return tellsChanges ? [...walks, { source, status: UPDATED, api: 'v1', opts: [] }] : walks;
}
