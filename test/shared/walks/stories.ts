import fc from 'fast-check';

import { NOON } from '../../support/fake-clock.ts';
import type { Completion, ListManner, Mischief } from './changing-scale.ts';
import { PROJECTS, type Run } from './walked-history.ts';

const SECOND_MS = 1_000;
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** A history of tasks, and of the runs that walk it. */
export interface Story {
  readonly lookBackMs: number;
  readonly manner: ListManner;
  readonly tasks: readonly {
    readonly at: number;
    readonly late: number;
    readonly again?: number;
  }[];
  readonly runs: readonly Run[];
}

const manner = fc.record<ListManner>({
  order: fc.constantFrom('newest first', 'oldest first', 'created', 'shuffled'),
  isByOffset: fc.boolean(),
  isInclusive: fc.boolean(),
  mostOnPage: fc.constantFrom(99, 1, 2, 3),
  hasForeign: fc.boolean(),
});

/** Milliseconds from noon: long ago, just now, all at once, while the walks go on. */
const at = fc.oneof(
  fc.integer({ min: -10 * 365, max: 0 }).map((days) => days * DAY_MS),
  fc.integer({ min: -3 * HOUR_MS, max: 0 }),
  // At the very edge of a walk, which begins on a whole second.
  fc.integer({ min: -9, max: 9 }).map((seconds) => seconds * SECOND_MS),
  fc.integer({ min: -2, max: 2 }),
  fc.integer({ min: 0, max: 6 * HOUR_MS }),
  fc.integer({ min: 0, max: 5 * MINUTE_MS }),
);

const share = fc.oneof(fc.constant(0), fc.constantFrom(0.05, 0.3));

const run: fc.Arbitrary<Run> = fc.record({
  afterMs: fc.oneof(
    fc.integer({ min: 0, max: 9 }).map((seconds) => seconds * SECOND_MS),
    fc.nat(10 * MINUTE_MS),
    fc.nat(2 * HOUR_MS),
  ),
  clockOffsetMs: fc.oneof(fc.constant(0), fc.integer({ min: -HOUR_MS, max: HOUR_MS })),
  walkers: fc.integer({ min: 1, max: 8 }),
  mostPages: fc.oneof(fc.constant(Infinity), fc.nat(20)),
  diesAt: fc.oneof(
    { weight: 2, arbitrary: fc.constant(Infinity) },
    fc.integer({ min: 1, max: 80 }),
  ),
  failsAtHome: fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, fc.constant(0.1)),
  mischief: fc.record({
    repeats: share,
    empties: share,
    fails: share,
    refuses: share,
    largest: fc.constantFrom(99, 99, 20, 1),
    tokens: fc.oneof(
      { weight: 6, arbitrary: fc.constant<Mischief['tokens']>('lasting') },
      { weight: 2, arbitrary: fc.constantFrom<Mischief['tokens'][]>('once', 'of one run') },
      {
        weight: 1,
        arbitrary: fc.constantFrom('circular', 'circular, each new', 'endless'),
      },
    ),
  }),
  seed: fc.nat(),
});

export const arbitraryStory: fc.Arbitrary<Story> = fc
  .record({
    lookBackMs: fc.constantFrom(HOUR_MS, 10 * MINUTE_MS, SECOND_MS, 0),
    manner,
    runs: fc.array(run, { maxLength: 6 }),
    isTight: fc.boolean(),
  })
  .chain(({ lookBackMs, ...rest }) =>
    fc.record({
      lookBackMs: fc.constant(lookBackMs),
      manner: fc.constant(rest.manner),
      runs: fc.constant(rest.runs),
      tasks: fc.array(
        fc.record(
          {
            at,
            late: fc.oneof(fc.constant(0), fc.nat(lookBackMs), fc.constant(lookBackMs)),
            again: fc.nat(2 * HOUR_MS),
          },
          { requiredKeys: ['at', 'late'] },
        ),
        { maxLength: 60 },
      ),
    }),
  );

export function completionsOf({ tasks, manner: { isByOffset } }: Story): Completion[] {
  return tasks.flatMap(({ at: atMs, late, again }, index) => {
    const project = PROJECTS[index % 3 === 0 ? 1 : 0];
    const first = { id: `task-${String(index)}`, project, at: NOON + atMs };
    const one = { ...first, visibleAt: first.at + late };
    // A task that leaves a list of offsets takes another one's place: no single walk can see that.
    if (again === undefined || isByOffset) return [one];
    const anew = { ...first, at: one.visibleAt + again };
    return [one, { ...anew, visibleAt: anew.at + late }];
  });
}
