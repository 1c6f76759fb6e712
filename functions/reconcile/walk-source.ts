import type { OrderSettings } from '../../shared/observations/observation.ts';
import type { TaskPage } from '../../shared/scale/tasks.ts';
import type { ScaleApi } from '../../shared/scale/scale-api.ts';
import type { Source } from '../../shared/walks/sources.ts';
import type { WalkedStatus } from '../../shared/walks/statuses.ts';
import type { Clock } from '../../shared/platform/clock.ts';
import type { Shape } from '../../shared/tasks/head.ts';
import { isListed } from '../../shared/walks/statuses.ts';
import { takeUp, type Track } from '../../shared/walks/track.ts';
import { hasTime, type Walk } from '../../shared/walks/walk.ts';
import { walkTracks, type WalkTracksDependencies } from '../../shared/walks/walk-tracks.ts';
import type { Progress } from './progress.ts';

export interface WalkSourceDependencies extends Omit<WalkTracksDependencies, 'report' | 'onSlice'> {
  readonly api: Pick<ScaleApi, 'listTasks' | 'listV1Tasks' | 'now'>;
  readonly clock: Clock;
  /** The API that lists the tasks. */
  readonly listApi: Shape;
  readonly opts: readonly string[];
  readonly order: OrderSettings;
  readonly visit: (walk: Walk, page: TaskPage) => Promise<void>;
  readonly report: (part: string, error: unknown) => void;
}

/**
 * Completed last, so that a task which is completed meanwhile is seen there at the latest: lists are read one
 * after the other, and tasks move between them.
 */
const statusesInOrder = ['pending', 'error', 'canceled', 'deleted', 'completed'] as const;

/** `failed`: some of it could not be read, and has been reported. */
export type SourceWalk = 'finished' | 'unfinished' | 'failed';

/** Walks all of a source, from where the last invocation stopped. */
export async function walkSource(
  dependencies: WalkSourceDependencies,
  progress: Progress,
  source: Source,
): Promise<SourceWalk> {
  const { api, order } = dependencies;
  // A read may lag, so that what was completed just before is for the last pass.
  const settings = { now: progress.scaleStartedAt - order.settleMs, lookBackMs: 0 };
  const whole = await walkStatuses(dependencies, progress, source, statusesInOrder, settings);
  if (whole !== 'finished') return whole;
  // A large source takes long: what was completed meanwhile has left the lists that were read first.
  const rest = { now: await api.now(), lookBackMs: order.settleMs };
  return walkStatuses(dependencies, progress, source, ['completed'], rest);
}

async function walkStatuses(
  dependencies: WalkSourceDependencies,
  { book }: Progress,
  source: Source,
  statuses: readonly WalkedStatus[],
  present: { readonly now: number; readonly lookBackMs: number },
): Promise<SourceWalk> {
  const { clock, listApi: api, opts } = dependencies;
  const held = await book.listSlices(source.id);
  const settings = { walkBook: book, clock, ...present };
  const tracks = await Promise.all(
    statuses
      .filter((status) => isListed(api, status))
      .map((status) => takeUp(settings, { source, status, api, opts }, held)),
  );
  const failed: Walk['status'][] = [];
  const report = ({ status }: Walk, error: unknown): void => {
    failed.push(status);
    dependencies.report(`${source.id} (${status})`, error);
  };
  const end = await walkTracks({ ...dependencies, report }, tracks.filter(isLeft));
  return failed.length > 0 ? 'failed' : end;
}

/** Whether there is anything to walk: lists without a time are read once. */
function isLeft({ walk, slices, coverage }: Track): boolean {
  const { covered, isRefused } = coverage();
  if (hasTime(walk.status) || slices.some(({ pages }) => pages > 0)) return true;
  return covered.length === 0 && isRefused !== true;
}
