import fc from 'fast-check';

import { createScaleClock } from '../../../shared/scale/scale-clock.ts';
import { fakeClock, NOON } from '../../support/fake-clock.ts';

const HOUR_MS = 60 * 60_000;

it('does not know the present before an answer, nor by one without a date that can be read', () => {
  const scaleClock = createScaleClock(fakeClock());
  expect(scaleClock.now()).toBeUndefined();
  scaleClock.note(null, NOON, NOON);
  scaleClock.note('not long ago', NOON, NOON);
  expect(scaleClock.now()).toBeUndefined();
});

it('keeps what it knows when an answer has no date', () => {
  const clock = fakeClock();
  const scaleClock = createScaleClock(clock);
  scaleClock.note(new Date(NOON + HOUR_MS).toUTCString(), NOON, NOON);
  clock.advance(500);
  scaleClock.note(null, clock.now(), clock.now());
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
          const requestedAt = clock.now();
          clock.advance(beforeMs);
          const date = new Date(clock.now() + aheadMs).toUTCString();
          clock.advance(wayMs);
          scaleClock.note(date, requestedAt, clock.now());
          clock.advance(afterMs);
          const present = clock.now() + aheadMs;
          expect(scaleClock.now()).toBeLessThanOrEqual(present);
          expect(scaleClock.now()).toBeGreaterThan(present - 1_000 - wayMs);
          expect(scaleClock.apartMs()).toBeLessThanOrEqual(Math.abs(aheadMs));
        }
      },
    ),
  );
});

describe('how far the clocks are apart', () => {
  const apartBy = (aheadMs: number, tookMs: number): number => {
    const scaleClock = createScaleClock(fakeClock());
    scaleClock.note(new Date(NOON + aheadMs).toUTCString(), NOON, NOON + tookMs);
    return scaleClock.apartMs();
  };

  it.each([
    ['ahead', 60_000, 60_000],
    ['behind, of which a second may be cut off', -60_000, 59_000],
    ['together', 0, 0],
    ['together, as far as whole seconds tell', -999, 0],
  ])('is told when Scale is %s', (_, aheadMs, apart) => {
    expect(apartBy(aheadMs, 0)).toBe(apart);
  });

  it('is not made of the time that an answer took', () => {
    expect(apartBy(30_000, 30_000)).toBe(0);
    expect(apartBy(-500, 30_000)).toBe(0);
    expect(apartBy(90_000, 30_000)).toBe(60_000);
  });

  it('is the most that any answer has proven', () => {
    const scaleClock = createScaleClock(fakeClock());
    scaleClock.note(new Date(NOON + 60_000).toUTCString(), NOON, NOON);
    scaleClock.note(new Date(NOON).toUTCString(), NOON, NOON);
    scaleClock.note(null, NOON, NOON);
    expect(scaleClock.apartMs()).toBe(60_000);
  });
});
