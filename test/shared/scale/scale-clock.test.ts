import fc from 'fast-check';

import { createScaleClock } from '../../../shared/scale/scale-clock.ts';
import { fakeClock, NOON } from '../../support/fake-clock.ts';

const HOUR_MS = 60 * 60_000;

it('does not know the present before an answer, nor by one without a date that can be read', () => {
  const scaleClock = createScaleClock(fakeClock());
  expect(scaleClock.now()).toBeUndefined();
  scaleClock.note(null, NOON);
  scaleClock.note('not long ago', NOON);
  expect(scaleClock.now()).toBeUndefined();
});

it('keeps what it knows when an answer has no date', () => {
  const clock = fakeClock();
  const scaleClock = createScaleClock(clock);
  scaleClock.note(new Date(NOON + HOUR_MS).toUTCString(), NOON);
  clock.advance(500);
  scaleClock.note(null, clock.now());
  expect(scaleClock.now()).toBe(NOON + HOUR_MS + 500);
});

it('is never early, and late by no more than a second and the way of the answer', () => {
  const ms = (max: number) => fc.nat(max);
  fc.assert(
    fc.property(
      fc.integer({ min: -HOUR_MS, max: HOUR_MS }),
      fc.array(fc.record({ beforeMs: ms(HOUR_MS), wayMs: ms(60_000), afterMs: ms(10_000) }), {
        minLength: 1,
      }),
      (aheadMs, answers) => {
        const clock = fakeClock();
        const scaleClock = createScaleClock(clock);
        for (const { beforeMs, wayMs, afterMs } of answers) {
          clock.advance(beforeMs);
          const date = new Date(clock.now() + aheadMs).toUTCString();
          clock.advance(wayMs);
          scaleClock.note(date, clock.now());
          clock.advance(afterMs);
          const present = clock.now() + aheadMs;
          expect(scaleClock.now()).toBeLessThanOrEqual(present);
          expect(scaleClock.now()).toBeGreaterThan(present - 1_000 - wayMs);
        }
      },
    ),
  );
});
