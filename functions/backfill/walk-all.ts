import type { MirrorState } from '../../shared/coverage/mirror-state.ts';
import { BackfillFailedError, type Failures } from './failures.ts';
import type { ListProjects } from './project-list.ts';
import type { BackfillRequest } from './request.ts';
import { type ConfiguredSource, resolveSources } from './sources.ts';
import { isDue, walkedStatuses } from './statuses.ts';
import { walk, type WalkDependencies } from './walk.ts';
import type { Walk } from './window.ts';

export interface WalkAllDependencies extends Omit<WalkDependencies, 'mayGoOn'> {
  readonly sources: readonly ConfiguredSource[];
  readonly mirrorState: Pick<MirrorState, 'getWalk' | 'putWalk'>;
  readonly listProjects: ListProjects;
  readonly failures: Failures;
  /** How often statuses other than completed are walked, in milliseconds. */
  readonly otherStatusesEveryMs: number;
  /** What pages are asked to hold beside the usual. */
  readonly opts: readonly string[];
}

/** What came of the walks; `unfinished` where time was over, and the next run goes on. */
export interface WalkAllResult {
  readonly outcome: 'finished' | 'unfinished';
  readonly pages: number;
  readonly tasks: number;
}

/**
 * One walk after the other, the one whose last page was read longest ago first: however long one of them
 * takes, or however slowly it fails, each has its turn before that one goes on. A walk that fails does not
 * stop the others; the run fails at its end, so that the alarm on errors sees it.
 */
export async function walkAll(
  run: WalkAllDependencies,
  request: BackfillRequest,
  mayGoOn: () => Promise<boolean>,
): Promise<WalkAllResult> {
  const { failures, log } = run;
  let outcome: WalkAllResult['outcome'] = 'finished';
  let pages = 0;
  let tasks = 0;
  for (const one of await openWalks(run, request)) {
    try {
      const result = await walk({ ...run, mayGoOn }, one);
      pages += result.pages;
      tasks += result.tasks;
      if (!result.isDone) {
        outcome = 'unfinished';
        break;
      }
    } catch (error) {
      failures.report(`${one.source.id} (${one.status})`, error);
    }
  }
  if (failures.parts.length > 0) throw new BackfillFailedError(failures.parts);
  if (outcome === 'finished') log.info('backfill finished', { pages, tasks });
  return { outcome, pages, tasks };
}

async function openWalks(run: WalkAllDependencies, { isFull }: BackfillRequest): Promise<Walk[]> {
  const { sources, mirrorState, clock, otherStatusesEveryMs, opts, listProjects } = run;
  const pace = { now: clock.now(), otherStatusesEveryMs, isFull };
  const walks: Walk[] = [];
  const resolved = await resolveSources(sources, listProjects, run.failures.report);
  for (const status of walkedStatuses) {
    for (const source of resolved) {
      const held = await mirrorState.getWalk(source.id, status);
      if (isDue(status, held, pace)) walks.push({ source, status, held, opts });
    }
  }
  return walks.sort((a, b) => (a.held?.walkedAt ?? 0) - (b.held?.walkedAt ?? 0));
}
