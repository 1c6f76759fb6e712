import * as fc from 'fast-check';

import { callTime, fault, lag, ownRead, shape, took, traits } from './adversity.ts';
import { type Change, isAnnounced } from './change.ts';
import type { History, Step } from './history.ts';
import { DAY_MS, MINUTE_MS, SETTLE_MS } from './settings.ts';

const weightedChanges: readonly (readonly [number, Change])[] = [
  [8, 'complete'],
  [2, 'accept'],
  [1, 'accept without a time'],
  [1, 'reject'],
  [2, 'fix'],
  [2, 'fix without a time'],
  [1, 'recall, keeping all'],
  [1, 'recall, keeping the response'],
  [1, 'recall, keeping completed_at'],
  [2, 'recall, dropping both'],
  [3, 'undo the recall'],
  [1, 'edit the metadata'],
  [1, 'change unique_id'],
  [1, 'move to another batch'],
  [1, 'rename the batch'],
  [1, 'rename the project'],
];

/** Hardly anything can follow these, so they are rare. */
const endings: readonly Change[] = ['cancel', 'fail', 'delete'];

const change = fc.oneof(
  ...weightedChanges.map(([weight, one]) => ({ weight: weight * 3, arbitrary: fc.constant(one) })),
  ...endings.map((one) => ({ weight: 1, arbitrary: fc.constant(one) })),
);

/** What happens in a history, and how fast it follows each other. */
interface Tempo {
  readonly gap: fc.Arbitrary<number>;
  readonly delay: fc.Arbitrary<number>;
  readonly change: fc.Arbitrary<Change>;
}

/** Gaps within settle and skew, and far beyond them; callbacks up to a day late. */
const mixed: Tempo = {
  change,
  gap: fc.oneof(
    { arbitrary: fc.integer({ min: 1, max: 3_000 }), weight: 3 },
    { arbitrary: fc.integer({ min: 1, max: 30_000 }), weight: 3 },
    { arbitrary: fc.integer({ min: 1, max: 3 * 60 * MINUTE_MS }), weight: 2 },
  ),
  delay: fc.oneof(
    { arbitrary: fc.integer({ min: 20, max: 2_000 }), weight: 4 },
    { arbitrary: fc.integer({ min: 20, max: MINUTE_MS }), weight: 2 },
    { arbitrary: fc.integer({ min: 20, max: DAY_MS }), weight: 2 },
  ),
};

/** Everything within settle and skew: nothing can be told apart by its time. */
const crowded: Tempo = {
  change,
  gap: fc.integer({ min: 1, max: SETTLE_MS / 2 }),
  delay: fc.integer({ min: 20, max: SETTLE_MS }),
};

/** A task that is recalled, and not, and recalled: what comes back looks like what was there before. */
const wavering: Tempo = {
  change: fc.constantFrom(
    'complete',
    'recall, keeping all',
    'recall, dropping both',
    'undo the recall',
    'undo the recall',
  ),
  gap: fc.integer({ min: 1, max: SETTLE_MS + 2_000 }),
  delay: fc.integer({ min: 20, max: SETTLE_MS }),
};

/** The same over hours, with pages and callbacks that come when it is long over. */
const waveringSlowly: Tempo = {
  change: wavering.change,
  gap: fc.integer({ min: 1, max: 2 * MINUTE_MS }),
  delay: mixed.delay,
};

function changeStep({ gap, delay, change }: Tempo): fc.Arbitrary<Step> {
  return fc
    .record({
      kind: fc.constant('change' as const),
      afterMs: gap,
      change,
      arrivesAfterMs: fc.array(delay, { minLength: 0, maxLength: 3 }),
    })
    .map((one) => (isAnnounced(one.change) ? one : { ...one, arrivesAfterMs: [] }));
}

function pageStep({ gap, delay }: Tempo): fc.Arbitrary<Step> {
  const kind = fc.constant('page' as const);
  return fc.record({ kind, afterMs: gap, shape, tookMs: took, lagMs: lag, queuedMs: delay });
}

function resendStep({ gap, delay }: Tempo): fc.Arbitrary<Step> {
  const kind = fc.constant('resend' as const);
  return fc.record({ kind, afterMs: gap, which: fc.nat(20), arrivesAfterMs: delay });
}

function triggerStep({ gap, delay }: Tempo): fc.Arbitrary<Step> {
  return fc.record({ kind: fc.constant('trigger' as const), afterMs: gap, arrivesAfterMs: delay });
}

function stepsOf(tempo: Tempo): fc.Arbitrary<Step[]> {
  const step = fc.oneof(
    { weight: 12, arbitrary: changeStep(tempo) },
    { weight: 6, arbitrary: pageStep(tempo) },
    { weight: 2, arbitrary: resendStep(tempo) },
    { weight: 1, arbitrary: triggerStep(tempo) },
  );
  return fc.array(step, { minLength: 8, maxLength: 26, size: 'max' });
}

export const histories: fc.Arbitrary<History> = fc.record({
  traits,
  steps: fc.oneof(
    { weight: 4, arbitrary: stepsOf(mixed) },
    { weight: 1, arbitrary: stepsOf(crowded) },
    { weight: 1, arbitrary: stepsOf(wavering) },
    { weight: 1, arbitrary: stepsOf(waveringSlowly) },
  ),
  ownReads: fc.array(ownRead, { minLength: 1, maxLength: 8 }),
  faults: fc.oneof(
    { weight: 2, arbitrary: fc.constant([]) },
    { weight: 1, arbitrary: fc.array(fault, { minLength: 1, maxLength: 3 }) },
  ),
  repetitions: fc.array(
    fc.record({ delivery: fc.integer({ min: 1, max: 40 }), afterMs: mixed.delay }),
    {
      maxLength: 2,
    },
  ),
  callsTakeMs: fc.oneof(
    { weight: 3, arbitrary: fc.constant(undefined) },
    { weight: 2, arbitrary: fc.array(callTime, { minLength: 1, maxLength: 12 }) },
  ),
  walk: shape,
});
