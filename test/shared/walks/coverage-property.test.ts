import fc from 'fast-check';

import { startOf } from '../../../shared/coverage/span.ts';
import { NOON } from '../../support/fake-clock.ts';
import { changingScale, type Completion, textOf } from './changing-scale.ts';
import { arbitraryStory, completionsOf, type Story } from './stories.ts';
import { CALM_RUN, PROJECTS, walkedHistory } from './walked-history.ts';

/** More of them: `COVERAGE_RUNS=20000 npx jest coverage-property`; the same again: `COVERAGE_SEED=…`. */
const numRuns = Number(process.env['COVERAGE_RUNS'] ?? 1_000);
/** A machine that is shared may be slow. */
const LONGEST_MS = Number(process.env['COVERAGE_MS'] ?? 40_000);
const seed = process.env['COVERAGE_SEED'];

/** What lists show of each task at a time. */
function visible(completions: readonly Completion[], now: number): Completion[] {
  const seen = completions.filter(({ visibleAt }) => visibleAt <= now);
  return seen.filter(({ id, at: time }) => !seen.some((one) => one.id === id && one.at > time));
}

type History = ReturnType<typeof walkedHistory>;

/** Tasks in intervals that the ledger calls walked, seen by the time that it names, and not queued. */
function holes(history: History, completions: readonly Completion[], now: number): string[] {
  return visible(completions, now)
    .filter((one) =>
      history
        .covered(one.project)
        .some(
          (span) =>
            one.at >= startOf(span) && one.at <= span.until && one.visibleAt <= span.walkedAt,
        ),
    )
    .map(textOf)
    .filter((text) => !history.hasQueued(text));
}

async function hasNoHoles(one: Story): Promise<void> {
  const completions = completionsOf(one);
  const scale = changingScale(completions, one.manner);
  scale.now = NOON;
  const history = walkedHistory(scale, one.lookBackMs);
  for (const each of one.runs) {
    await history.walk(each);
    expect(holes(history, completions, scale.now)).toEqual([]);
  }
  scale.now = Math.max(scale.now, ...completions.map(({ visibleAt }) => visibleAt));
  for (let calm = 0; calm < 2; calm += 1) {
    expect(await history.walk(CALM_RUN)).toEqual({ outcome: 'finished', failures: [] });
  }
  const lost = visible(completions, scale.now).map(textOf);
  expect(lost.filter((text) => !history.hasQueued(text))).toEqual([]);
  for (const project of PROJECTS) {
    expect(history.slices(project)).toEqual([]);
    expect(history.covered(project)).toHaveLength(1);
  }
}

it(
  'every task is queued in the end, and no interval that is called walked has a hole',
  async () => {
    await fc.assert(fc.asyncProperty(arbitraryStory, hasNoHoles), {
      numRuns,
      interruptAfterTimeLimit: LONGEST_MS,
      markInterruptAsFailure: false,
      ...(seed !== undefined && { seed: Number(seed) }),
    });
  },
  2 * LONGEST_MS,
);
