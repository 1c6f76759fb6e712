import type { AccountBook } from '../../shared/coverage/mirror-state.ts';
import type { Deliveries } from '../../shared/coverage/reports.ts';
import type { Clock } from '../../shared/platform/clock.ts';
import { errorName, type Log } from '../../shared/platform/log.ts';
import { type Delivery, readDelivery } from '../../shared/scale/delivery.ts';
import type { ScaleApi } from '../../shared/scale/scale-api.ts';
import { type IdsOf, sortOut } from '../../shared/walks/foreign-tasks.ts';
import type { Source } from '../../shared/walks/sources.ts';
import { takeUpRange } from '../../shared/walks/take-up-range.ts';
import type { Walk } from '../../shared/walks/walk.ts';
import { walkTracks, type WalkTracksDependencies } from '../../shared/walks/walk-tracks.ts';
import { createWalkMemo } from './walk-memo.ts';

export interface ReadDeliveriesDependencies extends Omit<
  WalkTracksDependencies,
  'visit' | 'report' | 'onSlice'
> {
  readonly api: Pick<ScaleApi, 'listTasks' | 'listV1Tasks' | 'now'>;
  readonly accountBook: Pick<AccountBook, 'getV1'>;
  readonly idsOf: IdsOf;
  /** How often each source is reconciled, in milliseconds. */
  readonly everyMs: number;
  readonly clock: Clock;
  readonly log: Log;
}

/** The counts, with the ids of those that did not arrive for certain. */
export interface FoundDeliveries {
  readonly counts: Deliveries;
  readonly ids: { readonly lost: readonly string[]; readonly unsaid: readonly string[] };
}

/** Scale repeats a callback for so long (Callbacks page: up to 20 retries over the next 24 hours). */
const RETRIES_MS = 24 * 60 * 60_000;

/** Reconciles do not come to the minute. */
const OVERLAP_MS = 60 * 60_000;

/**
 * Reads by v1 which callbacks Scale itself counts as not delivered, of the tasks that were completed since the last
 * reconcile looked and whose retries are over. `undefined` where v1 does not answer or time was over: nothing
 * hangs on it, since the tasks themselves are compared all the same.
 */
export async function readDeliveries(
  dependencies: ReadDeliveriesDependencies,
  source: Source,
): Promise<FoundDeliveries | undefined> {
  const { api, accountBook, everyMs, clock, idsOf, log } = dependencies;
  if ((await accountBook.getV1())?.answers !== true) return undefined;
  const now = await api.now();
  const until = now - RETRIES_MS;
  const span = { from: until - everyMs - OVERLAP_MS, until };
  const walk: Walk = { source, status: 'completed', api: 'v1', opts: [] };
  const walkBook = createWalkMemo({ coverages: {}, slices: [] });
  const settings = { walkBook, clock, now, lookBackMs: 0 };
  const track = await takeUpRange(settings, walk, [], { span, askedAt: 'once' });
  const found = new Map<string, Delivery>();
  const failed: unknown[] = [];
  const end = await walkTracks(
    {
      ...dependencies,
      visit: (_, page) => {
        const { ours } = sortOut(page.tasks, 'v1', source, idsOf);
        for (const task of ours) noteDelivery(found, task, span);
        return Promise.resolve();
      },
      report: (_, error) => {
        failed.push(error);
        log.warn('v1 could not be asked which callbacks were delivered', {
          error: errorName(error),
        });
      },
    },
    [track],
  );
  return failed.length === 0 && end === 'finished' ? summed(found) : undefined;
}

function noteDelivery(
  found: Map<string, Delivery>,
  text: string,
  { from, until }: { readonly from: number; readonly until: number },
): void {
  const seen = readDelivery(text);
  if (seen === undefined) return;
  // The walk asks for a second more at each end.
  const completedAt = Date.parse(seen.completedAt);
  if (!(completedAt >= from && completedAt < until)) return;
  found.set(seen.taskId, seen.delivery);
}

function summed(found: ReadonlyMap<string, Delivery>): FoundDeliveries {
  const idsOf = (delivery: Delivery): string[] =>
    [...found].filter(([, one]) => one === delivery).map(([id]) => id);
  const ids = { lost: idsOf('lost'), unsaid: idsOf('unsaid') };
  const [lost, unsaid] = [ids.lost.length, ids.unsaid.length];
  return { counts: { lost, unsaid, delivered: found.size - lost - unsaid }, ids };
}
