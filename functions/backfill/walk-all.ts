import { PlainError } from '../../shared/platform/log.ts';
import type { ScaleApi } from '../../shared/scale/scale-api.ts';
import { ForeignTasksError } from '../../shared/walks/foreign-tasks.ts';
import type { Source } from '../../shared/walks/sources.ts';
import { UPDATED } from '../../shared/walks/statuses.ts';
import type { Names } from '../../shared/walks/names.ts';
import type { Walk } from '../../shared/walks/walk.ts';
import { walkTracks, type WalkTracksDependencies } from '../../shared/walks/walk-tracks.ts';
import { openTracks, type OpenTracksDependencies } from './open-tracks.ts';
import { createReportProgress } from './report-progress.ts';
import type { BackfillRequest } from './request.ts';
import { isNotFound, reportRenamed } from './report-renamed.ts';
import { takePage, type TakePageDependencies } from './take-page.ts';

/** Some walks failed; the others went on. */
export class BackfillFailedError extends PlainError {
  override readonly name = 'BackfillFailedError';

  constructor(walks: readonly string[]) {
    super(`backfill failed for ${walks.join('; ')}`);
  }
}

export interface WalkAllDependencies
  extends
    Omit<WalkTracksDependencies, 'visit' | 'report' | 'onSlice' | 'api'>,
    OpenTracksDependencies,
    Omit<TakePageDependencies, 'names'> {
  readonly api: ScaleApi;
  readonly names: Names;
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
  const notFound = new Set<Source>();
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
        if (isNotFound(error)) notFound.add(walk.source);
        failures.report(partOf(walk), error);
      },
    },
    await openTracks(run, request),
  );
  await reportForeign(run, foreign);
  await reportRenamed(run, notFound);
  await progress.end(failures.parts.length > 0 ? 'failed' : outcome);
  if (failures.parts.length > 0) throw new BackfillFailedError(failures.parts);
  if (outcome === 'finished') log.info('backfill finished', counted);
  return { outcome, ...counted };
}

function partOf({ source, status }: Walk): string {
  return `${source.id} (${status})`;
}

/** Changes come by callback and by v2 all the same: an API that cannot tell them fails nothing. */
async function reportForeign(
  { v1, failures }: WalkAllDependencies,
  foreign: ReadonlyMap<Walk, number>,
): Promise<void> {
  for (const [walk, count] of foreign) {
    if (walk.status === UPDATED) await v1.isOfNoUse('it lists tasks of other sources');
    else failures.report(partOf(walk), new ForeignTasksError(walk.source, count));
  }
}
