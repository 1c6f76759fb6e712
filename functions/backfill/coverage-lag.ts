import type { WalkBook } from '../../shared/coverage/mirror-state.ts';
import { errorName, type Log } from '../../shared/platform/log.ts';
import type { Metrics } from '../../shared/platform/metrics.ts';
import type { ScaleApi } from '../../shared/scale/scale-api.ts';
import { type ConfiguredSource, resolveSources, type Source } from '../../shared/walks/sources.ts';
import type { ListProjects } from '../../shared/walks/project-list.ts';

export interface CoverageLagDependencies {
  readonly sources: readonly ConfiguredSource[];
  readonly listProjects: ListProjects;
  readonly mirrorState: Pick<WalkBook, 'getCoverage' | 'listSlices'>;
  readonly api: Pick<ScaleApi, 'now'>;
  readonly metrics: Metrics;
  readonly log: Log;
}

/** Of a source of which no page was ever read: far more than any alarm waits for. */
const NEVER_READ_MS = 7 * 24 * 60 * 60_000;

/**
 * Publishes for how long nothing new was proven, of the source that is farthest behind: an alarm stands on it.
 * Whatever fails here is not the run's failure, and the alarm hears of it by the metric that does not come.
 */
export async function publishCoverageLag(dependencies: CoverageLagDependencies): Promise<void> {
  const { sources, listProjects, mirrorState, api, metrics, log } = dependencies;
  try {
    const resolved = await resolveSources(sources, listProjects, (_part, error) => {
      throw error;
    });
    const now = await api.now();
    const lags = await Promise.all(resolved.map((source) => lagOf(mirrorState, source, now)));
    metrics.seconds('CoverageLagSeconds', Math.round(Math.max(0, ...lags) / 1_000));
  } catch (error) {
    log.warn('how far backfill has come is not known', { error: errorName(error) });
  }
}

/** Since the newest moment that is proven; during a first walk, since it began. */
async function lagOf(
  mirrorState: CoverageLagDependencies['mirrorState'],
  { id }: Source,
  now: number,
): Promise<number> {
  const newest = (await mirrorState.getCoverage(id, 'completed'))?.covered.at(-1);
  if (newest !== undefined) return now - newest.until;
  const begun = (await mirrorState.listSlices(id)).filter(({ status }) => status === 'completed');
  return begun.length === 0
    ? NEVER_READ_MS
    : now - Math.min(...begun.map(({ openedAt }) => openedAt));
}
