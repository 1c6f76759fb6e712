import * as fc from 'fast-check';

import type { Shape } from '../shared/tasks/head.ts';
import { type Change, isAnnounced } from './change.ts';
import type { Fault, History, OwnRead, Step } from './history.ts';
import { DAY_MS, MINUTE_MS, SETTLE_MS, SKEW_MS } from './settings.ts';
import type { Traits } from './world.ts';

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

/** Gaps within settle and skew, and far beyond them. */
const gap = fc.oneof(
  { arbitrary: fc.integer({ min: 1, max: 3_000 }), weight: 3 },
  { arbitrary: fc.integer({ min: 1, max: 30_000 }), weight: 3 },
  { arbitrary: fc.integer({ min: 1, max: 3 * 60 * MINUTE_MS }), weight: 2 },
);

const delay = fc.oneof(
  { arbitrary: fc.integer({ min: 20, max: 2_000 }), weight: 4 },
  { arbitrary: fc.integer({ min: 20, max: MINUTE_MS }), weight: 2 },
  { arbitrary: fc.integer({ min: 20, max: DAY_MS }), weight: 2 },
);

const lag = fc.integer({ min: 0, max: SETTLE_MS });
const took = fc.integer({ min: 1, max: 2_000 });
const shape = fc.constantFrom<Shape>('v1', 'v2');

const changeStep: fc.Arbitrary<Step> = fc
  .record({
    kind: fc.constant('change' as const),
    afterMs: gap,
    change,
    arrivesAfterMs: fc.array(delay, { minLength: 0, maxLength: 3 }),
  })
  .map((one) => (isAnnounced(one.change) ? one : { ...one, arrivesAfterMs: [] }));

const pageStep: fc.Arbitrary<Step> = fc.record({
  kind: fc.constant('page' as const),
  afterMs: gap,
  shape,
  tookMs: took,
  lagMs: lag,
  queuedMs: delay,
});

const resendStep: fc.Arbitrary<Step> = fc.record({
  kind: fc.constant('resend' as const),
  afterMs: gap,
  which: fc.nat(20),
  arrivesAfterMs: delay,
});

const triggerStep: fc.Arbitrary<Step> = fc.record({
  kind: fc.constant('trigger' as const),
  afterMs: gap,
  arrivesAfterMs: delay,
});

const step = fc.oneof(
  { weight: 12, arbitrary: changeStep },
  { weight: 6, arbitrary: pageStep },
  { weight: 2, arbitrary: resendStep },
  { weight: 1, arbitrary: triggerStep },
);

const ownRead: fc.Arbitrary<OwnRead> = fc.record({
  lagMs: lag,
  tookMs: took,
  trouble: fc.oneof(
    { weight: 12, arbitrary: fc.constant('none' as const) },
    {
      weight: 1,
      arbitrary: fc.constantFrom('unavailable', 'timed out', 'key refused', 'odd error'),
    },
  ),
});

const traits: fc.Arbitrary<Traits> = fc
  .record({
    skewMs: fc.integer({ min: -SKEW_MS, max: SKEW_MS }),
    showsUpdatedAt: fc.boolean(),
    knownTo: fc.oneof(
      { weight: 6, arbitrary: fc.constant('both' as const) },
      { weight: 1, arbitrary: shape },
    ),
    callbackShape: fc.oneof(
      { weight: 4, arbitrary: fc.constant('v1' as const) },
      { weight: 1, arbitrary: fc.constant('v2' as const) },
    ),
    showsDeleted: fc.boolean(),
  })
  .map((one) => (one.knownTo === 'v1' ? { ...one, callbackShape: 'v1' } : one));

const fault: fc.Arbitrary<Fault> = fc.record({
  call: fc.integer({ min: 1, max: 80 }),
  trouble: fc.constantFrom(
    'throws before',
    'throws after',
    'dies before',
    'dies after',
    'answers lost',
  ),
});

/** How long a call of a port takes: at times a worker stands still while the other one goes on. */
const callTime = fc.oneof(
  { weight: 4, arbitrary: fc.integer({ min: 0, max: 20 }) },
  { weight: 1, arbitrary: fc.integer({ min: 0, max: 15_000 }) },
);

export const histories: fc.Arbitrary<History> = fc.record({
  traits,
  steps: fc.array(step, { minLength: 8, maxLength: 26, size: 'max' }),
  ownReads: fc.array(ownRead, { minLength: 1, maxLength: 8 }),
  faults: fc.oneof(
    { weight: 2, arbitrary: fc.constant([]) },
    { weight: 1, arbitrary: fc.array(fault, { minLength: 1, maxLength: 3 }) },
  ),
  repetitions: fc.array(
    fc.record({ delivery: fc.integer({ min: 1, max: 40 }), afterMs: delay }),
    { maxLength: 2 },
  ),
  callsTakeMs: fc.oneof(
    { weight: 3, arbitrary: fc.constant(undefined) },
    { weight: 2, arbitrary: fc.array(callTime, { minLength: 1, maxLength: 12 }) },
  ),
  walk: shape,
});
