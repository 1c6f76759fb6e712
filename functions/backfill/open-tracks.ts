import { isDeepStrictEqual } from 'node:util';

import type { MirrorState } from '../../shared/coverage/mirror-state.ts';
import type { Clock } from '../../shared/platform/clock.ts';
import type { ScaleApi } from '../../shared/scale/scale-api.ts';
import {
  type ConfiguredSource,
  pickSources,
  resolveSources,
  type Source,
} from '../../shared/walks/sources.ts';
import { isDue, UPDATED, walkedStatuses } from '../../shared/walks/statuses.ts';
import { takeUp, type Track } from '../../shared/walks/track.ts';
import { takeUpRange } from '../../shared/walks/take-up-range.ts';
import type { Failures } from '../../shared/walks/failures.ts';
import type { ListProjects } from '../../shared/walks/project-list.ts';
import type { BackfillRequest } from './request.ts';
import type { V1Access } from './v1-access.ts';
import { walksOf, type WalksOfSettings } from './walks-of.ts';

export interface OpenTracksDependencies extends WalksOfSettings {
  readonly sources: readonly ConfiguredSource[];
  readonly listProjects: ListProjects;
  readonly failures: Failures;
  readonly api: Pick<ScaleApi, 'now'>;
  readonly v1: V1Access;
  readonly mirrorState: MirrorState;
  readonly clock: Clock;
  /** How often statuses other than completed are walked, in milliseconds. */
  readonly otherStatusesEveryMs: number;
  /** How far a walk reaches back behind the newest edge, in milliseconds. */
  readonly lookBackMs: number;
}

/** What a run has to walk, completions of all sources first. */
export async function openTracks(
  run: OpenTracksDependencies,
  request: BackfillRequest,
): Promise<Track[]> {
  const { api, v1 } = run;
  const resolved = pickSources(await resolveAndNote(run), request.only);
  const now = await api.now();
  const present = { now, tellsChanges: request.range === undefined && (await v1.tellsChanges()) };
  const tracks = await Promise.all(
    resolved.map((source) => openTracksOf(run, request, source, present)),
  );
  return [...walkedStatuses, UPDATED].flatMap((status) =>
    tracks.flat().filter(({ walk }) => walk.status === status),
  );
}

/** Resolves the sources, and notes them for who reads what is covered: coverage is kept by their ids. */
async function resolveAndNote(run: OpenTracksDependencies): Promise<readonly Source[]> {
  const { sources, listProjects, failures, mirrorState } = run;
  const failed: string[] = [];
  const resolved = await resolveSources(sources, listProjects, (part, error) => {
    failed.push(part);
    failures.report(part, error);
  });
  const ids = resolved.map(({ id }) => id);
  const isNews = failed.length === 0 && !isDeepStrictEqual(ids, await mirrorState.getSources());
  if (isNews) await mirrorState.putSources(ids);
  return resolved;
}

interface Present {
  /** On Scale's clock. */
  readonly now: number;
  readonly tellsChanges: boolean;
}

async function openTracksOf(
  run: OpenTracksDependencies,
  { isFull, range }: BackfillRequest,
  source: Source,
  { now, tellsChanges }: Present,
): Promise<Track[]> {
  const { mirrorState, clock, lookBackMs, otherStatusesEveryMs, listApi, opts } = run;
  const held = await mirrorState.listSlices(source.id);
  const settings = { walkBook: mirrorState, clock, now, lookBackMs };
  if (range !== undefined) {
    const walk = { source, status: 'completed', api: listApi, opts } as const;
    return [await takeUpRange(settings, walk, held, range)];
  }
  const walks = walksOf(run, source, tellsChanges);
  const tracks = await Promise.all(walks.map((walk) => takeUp(settings, walk, held)));
  const pace = { now, otherStatusesEveryMs, isFull };
  return tracks.filter(
    ({ walk, coverage, slices }) =>
      slices.some(({ pages }) => pages > 0) || isDue(walk, coverage(), pace),
  );
}
