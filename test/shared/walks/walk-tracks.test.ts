import { NOON } from '../../support/fake-clock.ts';
import { CALM, changingScale, type Completion, type ListManner, textOf } from './changing-scale.ts';
import { CALM_RUN, type Run, walkedHistory } from './walked-history.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

const MANNER: ListManner = {
  ...{ order: 'newest first', isByOffset: false, isInclusive: false },
  ...{ mostOnPage: 3, hasForeign: false },
};

/** Tasks of two projects, completed one after the other, the last at noon. */
function tasks(count: number, apartMs = MINUTE_MS): Completion[] {
  return Array.from({ length: count }, (_, index) => {
    const at = NOON - index * apartMs;
    const project = index % 2 === 0 ? 'Cars' : 'Boats';
    return { id: `task-${String(index)}`, project, at, visibleAt: at };
  });
}

function aHistory(completions: readonly Completion[], manner: Partial<ListManner> = {}) {
  const scale = changingScale(completions, { ...MANNER, ...manner });
  scale.now = NOON;
  const history = walkedHistory(scale, HOUR_MS);
  return {
    ...history,
    run: (parts: Partial<Run> = {}) => history.walk({ ...CALM_RUN, ...parts }),
    missing: () => completions.map(textOf).filter((text) => !history.hasQueued(text)),
  };
}

describe('a process that dies', () => {
  const completions = tasks(18, 30 * MINUTE_MS);
  it.each([1, 3])(
    'at any step, with %i walkers, is gone on with, and nothing is lost',
    async (walkers) => {
      let diesAt = 0;
      for (let outcome = ''; outcome !== 'finished';) {
        diesAt += 1;
        const history = aHistory(completions);
        const run = await history.run({ walkers, diesAt });
        outcome = run.failures.length > 0 ? 'died' : run.outcome;
        expect(await history.run({ walkers })).toEqual({ outcome: 'finished', failures: [] });
        expect(history.missing()).toEqual([]);
        expect([...history.slices('Cars'), ...history.slices('Boats')]).toEqual([]);
      }
      expect(diesAt).toBeGreaterThan(60);
    },
  );
});

describe.each([1, 4])('with %i walkers', (walkers) => {
  it('a history is walked although no token lasts until the next run, which has time for a few pages', async () => {
    const mischief = { ...CALM, tokens: 'of one run' as const };
    const history = aHistory(tasks(300, HOUR_MS), { mostOnPage: 2 });
    let runs = 0;
    for (let outcome = ''; outcome !== 'finished'; runs += 1) {
      expect(runs).toBeLessThan(60);
      outcome = (await history.run({ walkers, mischief, mostPages: 25 })).outcome;
    }
    expect(history.missing()).toEqual([]);
  });
});

it('the page by which a slice is cut is taken in once, with its parts', async () => {
  const completions = tasks(600, 7 * MINUTE_MS);
  const history = aHistory(completions, { mostOnPage: 9 });
  await history.run({ walkers: 8 });
  expect(history.missing()).toEqual([]);
  // Parts overlap by a second at their ends.
  expect(history.taken()).toBeLessThan(completions.length + 9);
});
