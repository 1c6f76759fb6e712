import fc from 'fast-check';

import { createPace, type Pace } from '../../../shared/scale/pace.ts';

const many = (count: number, act: () => void): void => {
  for (let time = 0; time < count; time += 1) act();
};

/** A pace after a refusal, with all answered that was under way then. */
function afterRefusal(most: number): Pace {
  const pace = createPace(most);
  pace.wasRefused();
  many(most - 1, () => {
    pace.wentWell(100);
  });
  return pace;
}

it('begins with as many requests as are allowed at most', () => {
  expect(createPace(8).allowed()).toBe(8);
});

it('a refusal halves it', () => {
  expect(afterRefusal(8).allowed()).toBe(4);
});

it('a storm of refusals of what was under way at once counts as one', () => {
  const pace = createPace(8);
  many(8, pace.wasRefused);
  expect(pace.allowed()).toBe(4);
  pace.wasRefused();
  expect(pace.allowed()).toBe(2);
});

it('refusal upon refusal leaves one request', () => {
  const pace = createPace(8);
  many(100, pace.wasRefused);
  expect(pace.allowed()).toBe(1);
});

it('answers that become slow lessen it, one by one', () => {
  const pace = createPace(8);
  pace.wentWell(300);
  pace.wentWell(1_500);
  expect(pace.allowed()).toBe(7);
});

it('answers that are slow but always were, or quick but vary, leave it', () => {
  const slow = createPace(8);
  many(50, () => {
    slow.wentWell(5_000);
  });
  const quick = createPace(8);
  for (const ms of [10, 900, 20, 1_000]) quick.wentWell(ms);
  expect([slow.allowed(), quick.allowed()]).toEqual([8, 8]);
});

it('answers that have become slower for good are the measure before long', () => {
  const pace = createPace(8);
  pace.wentWell(300);
  many(100, () => {
    pace.wentWell(2_000);
  });
  expect(pace.allowed()).toBeGreaterThan(1);
  many(300, () => {
    pace.wentWell(2_000);
  });
  expect(pace.allowed()).toBe(8);
});

it('calm brings it back to the most, one by one', () => {
  const pace = afterRefusal(8);
  const seen = new Set<number>();
  many(200, () => {
    pace.wentWell(100);
    seen.add(pace.allowed());
  });
  expect([...seen]).toEqual([4, 5, 6, 7, 8]);
});

it('is one at least and the most at most, whatever happens', () => {
  const answer = fc.oneof(fc.constant('refused'), fc.nat(60_000));
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 32 }), fc.array(answer), (most, answers) => {
      const pace = createPace(most);
      for (const one of answers) {
        if (typeof one === 'number') pace.wentWell(one);
        else pace.wasRefused();
        expect(pace.allowed()).toBeGreaterThanOrEqual(1);
        expect(pace.allowed()).toBeLessThanOrEqual(most);
      }
    }),
  );
});
