import * as fc from 'fast-check';

import type { Shape } from '../shared/tasks/head.ts';
import type { Fault, OwnRead } from './history.ts';
import { SETTLE_MS, SKEW_MS } from './settings.ts';
import type { Traits } from './world.ts';

/** How far a read lags behind Scale. */
export const lag = fc.integer({ min: 0, max: SETTLE_MS });
/** How long a read takes. */
export const took = fc.integer({ min: 1, max: 2_000 });
export const shape = fc.constantFrom<Shape>('v1', 'v2');

/** A read of the worker's own; most of them succeed. */
export const ownRead: fc.Arbitrary<OwnRead> = fc.record({
  lagMs: lag,
  tookMs: took,
  trouble: fc.oneof(
    { weight: 12, arbitrary: fc.constant('none' as const) },
    {
      weight: 1,
      arbitrary: fc.constantFrom(
        'not found',
        'unavailable',
        'timed out',
        'key refused',
        'odd error',
      ),
    },
  ),
});

/** How Scale is in a history. */
export const traits: fc.Arbitrary<Traits> = fc
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

/** Something that goes wrong with a call of a port. */
export const fault: fc.Arbitrary<Fault> = fc.record({
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
export const callTime = fc.oneof(
  { weight: 4, arbitrary: fc.integer({ min: 0, max: 20 }) },
  { weight: 1, arbitrary: fc.integer({ min: 0, max: 15_000 }) },
);
