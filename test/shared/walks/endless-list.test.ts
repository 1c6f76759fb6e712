import fc from 'fast-check';

import { createCircleWatch, EndlessListError } from '../../../shared/walks/endless-list.ts';
import { createDice } from './dice.ts';

const aPage = (...ids: (number | string)[]) => {
  const tasks = ids.map((id) => JSON.stringify({ task_id: `task-${String(id)}` }));
  return { tasks, count: tasks.length, nextToken: 'next', requestedAt: 0, respondedAt: 0 };
};

/** How many pages are taken of a list before it is known to be a circle; `undefined` if it never is. */
function takenOf(pages: Iterable<ReturnType<typeof aPage>>): number | undefined {
  const watch = createCircleWatch();
  let taken = 0;
  for (const page of pages) {
    taken += 1;
    try {
      watch(page);
    } catch (error) {
      expect(error).toBeInstanceOf(EndlessListError);
      return taken;
    }
  }
  return undefined;
}

function* circle(before: number, length: number) {
  for (let page = 0; page < 100_000; page += 1) {
    yield page < before ? aPage('first', page) : aPage('round', (page - before) % length);
  }
}

it('any circle is known before long, wherever it begins', () => {
  fc.assert(
    fc.property(fc.nat(300), fc.integer({ min: 1, max: 300 }), (before, length) => {
      expect(takenOf(circle(before, length))).toBeLessThan(200 + 4 * before + 8 * length);
    }),
    { numRuns: 50 },
  );
});

it('a list that repeats many of its pages, and shifts by them, is none', () => {
  fc.assert(
    fc.property(fc.nat(), fc.constantFrom(0.1, 0.3, 0.5), (seed, share) => {
      const dice = createDice(seed);
      let place = 0;
      const pages = Array.from({ length: 1_000 }, () => {
        if (dice.chance(share)) place = Math.max(0, place - 1);
        return aPage((place += 1));
      });
      expect(takenOf(pages)).toBeUndefined();
    }),
    { numRuns: 50 },
  );
});

it('empty pages, and tasks without an id, are no circle', () => {
  const odd = (number: number) => ({ ...aPage(), tasks: [`{"odd":${String(number)}}`] });
  const pages = Array.from({ length: 500 }, (_, number) => (number % 3 ? aPage() : odd(number)));
  expect(takenOf(pages)).toBeUndefined();
});
