import type { MirrorState } from '../../shared/coverage/mirror-state.ts';
import type { ScaleApi } from '../../shared/scale/scale-api.ts';
import { ForeignTasksError } from '../../shared/walks/foreign-tasks.ts';
import { resolveSources, type Source, type ConfiguredSource } from '../../shared/walks/sources.ts';
import { isDue, walkedStatuses } from '../../shared/walks/statuses.ts';
import { takeUpRange } from '../../shared/walks/take-up-range.ts';
import { takeUp, type Track } from '../../shared/walks/track.ts';
import type { Walk } from '../../shared/walks/walk.ts';
import { walkTracks, type WalkTracksDependencies } from '../../shared/walks/walk-tracks.ts';
import { BackfillFailedError, type Failures } from './failures.ts';
import type { ListProjects } from './project-list.ts';
import { createReportProgress } from './report-progress.ts';
import type { BackfillRequest } from './request.ts';
import { takePage, type TakePageDependencies } from './take-page.ts';

export interface WalkAllDependencies
  extends Omit<WalkTracksDependencies, 'visit' | 'report' | 'onSlice'>, TakePageDependencies {
  readonly sources: readonly ConfiguredSource[];
  readonly api: Pick<ScaleApi, 'listTasks' | 'now'>;
  readonly mirrorState: MirrorState;
  readonly listProjects: ListProjects;
  readonly failures: Failures;
  /** How often statuses other than completed are walked, in milliseconds. */
  readonly otherStatusesEveryMs: number;
  /** How far a walk reaches back behind the newest edge, in milliseconds. */
  readonly lookBackMs: number;
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
 * Walks what is missing of all sources. A walk that fails does not stop the others; the run fails at its
 * end, so that the alarm on errors sees it.
 */
export async function walkAll(
  run: WalkAllDependencies,
  request: BackfillRequest,
): Promise<WalkAllResult> {
  const { failures, log } = run;
  const counted = { pages: 0, tasks: 0 };
  const progress = createReportProgress(run);
  const foreign = new Map<Walk, number>();
  const outcome = await walkTracks(
    {
      ...run,
      visit: async (walk, page) => {
        const refused = await takePage(run, walk, page);
        if (refused > 0) foreign.set(walk, (foreign.get(walk) ?? 0) + refused);
        counted.pages += 1;
        counted.tasks += page.count;
        await progress.page(page.count);
      },
      onSlice: progress.slices,
      report: (walk, error) => {
        failures.report(partOf(walk), error);
      },
    },
    await openTracks(run, request),
  );
  for (const [walk, count] of foreign) {
    failures.report(partOf(walk), new ForeignTasksError(walk.source, count));
  }
  await progress.end(failures.parts.length > 0 ? 'failed' : outcome);
  if (failures.parts.length > 0) throw new BackfillFailedError(failures.parts);
  if (outcome === 'finished') log.info('backfill finished', counted);
  return { outcome, ...counted };
}

function partOf({ source, status }: Walk): string {
  return `${source.id} (${status})`;
}

async function openTracks(run: WalkAllDependencies, request: BackfillRequest): Promise<Track[]> {
  const { sources, listProjects, failures, api } = run;
  const resolved = await resolveSources(sources, listProjects, failures.report);
  const now = await api.now();
  const tracks = await Promise.all(
    resolved.map((source) => openTracksOf(run, request, source, now)),
  );
  // Completions of all sources first: they are what people wait for.
  return walkedStatuses.flatMap((status) =>
    tracks.flat().filter(({ walk }) => walk.status === status),
  );
}

async function openTracksOf(
  run: WalkAllDependencies,
  { isFull, range }: BackfillRequest,
  source: Source,
  now: number,
): Promise<Track[]> {
  const { mirrorState, clock, lookBackMs, otherStatusesEveryMs, opts } = run;
  const held = await mirrorState.listSlices(source.id);
  const settings = { walkBook: mirrorState, clock, now, lookBackMs };
  if (range !== undefined) {
    return [await takeUpRange(settings, { source, status: 'completed', opts }, held, range)];
  }
  const tracks = await Promise.all(
    walkedStatuses.map((status) => takeUp(settings, { source, status, opts }, held)),
  );
  const pace = { now, otherStatusesEveryMs, isFull };
  return tracks.filter(
    ({ walk, coverage, slices }) =>
      slices.some(({ pages }) => pages > 0) || isDue(walk.status, coverage(), pace),
  );
}
