import { createScaleClock } from '../../../shared/scale/scale-clock.ts';
import { sortOut } from '../../../shared/walks/foreign-tasks.ts';
import type { Source } from '../../../shared/walks/sources.ts';
import { takeUp, type Track } from '../../../shared/walks/track.ts';
import { walkTracks } from '../../../shared/walks/walk-tracks.ts';
import type { WalkBook } from '../../../shared/coverage/mirror-state.ts';
import { fakeLog } from '../../support/fake-telemetry.ts';
import { inMemoryMirrorState } from '../../support/in-memory-mirror-state.ts';
import { CALM, type ChangingScale, type Mischief } from './changing-scale.ts';
import { createDice, type Dice, giveWay } from './dice.ts';

/** One run of the backfill, and all that befalls it. */
export interface Run {
  /** Time that has gone by since the last run. */
  readonly afterMs: number;
  /** How far our clock is ahead of Scale's. */
  readonly clockOffsetMs: number;
  readonly walkers: number;
  /** Time is over after so many pages. */
  readonly mostPages: number;
  /** The process dies at the so manieth call of anything. */
  readonly diesAt: number;
  /** How many calls of the queue and the book fail, their effect done or not. */
  readonly failsAtHome: number;
  readonly mischief: Mischief;
  readonly seed: number;
}

export const CALM_RUN: Run = {
  ...{ afterMs: 60_000, clockOffsetMs: 0, walkers: 2, mostPages: Infinity, diesAt: Infinity },
  ...{ failsAtHome: 0, mischief: CALM, seed: 1 },
};

export const PROJECTS = ['Cars', 'Boats'] as const;

const sourceOf = (name: string): Source => ({
  ...{ id: `project:${name}`, kind: 'project', name, filter: { project_name: name } },
});

/** A run takes no more pages than that: one that goes in circles for ever is a failure. */
const MOST_PAGES = 20_000;

/** Runs of the walks over a changing Scale, and what they have queued. */
export function walkedHistory(scale: ChangingScale, lookBackMs: number) {
  const book = inMemoryMirrorState();
  const queued = new Set<string>();
  let taken = 0;

  const walk = async (run: Run): Promise<{ outcome: string; failures: unknown[] }> => {
    scale.now += run.afterMs;
    scale.run += 1;
    scale.mischief = run.mischief;
    const dice = createDice(run.seed);
    const clock = { now: () => scale.now + run.clockOffsetMs };
    const life = livesUntil(run, dice);
    const failures: unknown[] = [];
    let pages = 0;
    const settings = {
      walkBook: fragile(book, life),
      clock,
      now: scaleTime(scale, clock),
      lookBackMs,
    };
    const read = async (name: string): Promise<Track> => {
      const held = await book.listSlices(sourceOf(name).id);
      return takeUp(
        settings,
        { source: sourceOf(name), status: 'completed', api: 'v2', opts: [] },
        held,
      );
    };
    const walking = async () =>
      walkTracks(
        {
          api: {
            listV1Tasks: () => Promise.reject(new Error('v1 is not asked')),
            listTasks: async (filters, token) => {
              if ((pages += 1) > MOST_PAGES) throw new RunawayError('the walk has no end');
              return life.call(async () => {
                scale.now += dice.below(3_000);
                await giveWay(dice.below(6));
                const page = scale.list(filters, token, dice);
                scale.now += dice.below(3_000);
                await giveWay(dice.below(6));
                return page;
              }, 0);
            },
          },
          log: fakeLog(),
          walkers: run.walkers,
          mayGoOn: async () => pages < run.mostPages,
          visit: async ({ source }, page) => {
            for (const task of sortOut(page.tasks, 'v2', source, () => []).ours) {
              await life.call(async () => queued.add(task));
              taken += 1;
            }
          },
          report: (_walk, error) => {
            if (error instanceof RunawayError) throw error;
            failures.push(error);
          },
        },
        await Promise.all(PROJECTS.map(read)),
      );
    try {
      return { outcome: await walking(), failures };
    } catch (error) {
      if (error instanceof RunawayError) throw error;
      return { outcome: 'died', failures: [...failures, error] };
    }
  };
  return {
    walk,
    hasQueued: (text: string) => queued.has(text),
    /** Tasks queued, each as often as it was. */
    taken: () => taken,
    covered: (name: string) => book.coverage(sourceOf(name).id, 'completed')?.covered ?? [],
    slices: (name: string) => book.slices(sourceOf(name).id),
  };
}

class RunawayError extends Error {}

/** The present as the client of Scale tells it, by whole seconds. */
function scaleTime(scale: ChangingScale, clock: { now: () => number }): number {
  const scaleClock = createScaleClock(clock);
  scaleClock.note(new Date(scale.now).toUTCString(), clock.now(), clock.now());
  return scaleClock.now() ?? Number.NaN;
}

interface Life {
  readonly call: <Result>(effect: () => Promise<Result>, fails?: number) => Promise<Result>;
}

/** After death no call has an effect, and none is answered well. */
function livesUntil({ diesAt, failsAtHome }: Run, dice: Dice): Life {
  let calls = 0;
  const step = (): void => {
    calls += 1;
    if (calls >= diesAt) throw new Error('dead');
  };
  return {
    call: async (effect, fails = failsAtHome) => {
      step();
      await giveWay(dice.below(3));
      if (dice.chance(fails / 2)) throw new Error('down');
      if (calls >= diesAt) throw new Error('dead');
      const result = await effect();
      step();
      if (dice.chance(fails / 2)) throw new Error('done, and down');
      return result;
    },
  };
}

function fragile(book: WalkBook, { call }: Life): WalkBook {
  return {
    ...book,
    putCoverage: async (...put) => call(() => book.putCoverage(...put)),
    putSlice: async (...put) => call(() => book.putSlice(...put)),
    removeSlice: async (...remove) => call(() => book.removeSlice(...remove)),
  };
}
