import * as fc from 'fast-check';

import { findingsOf } from './checks.ts';
import { histories } from './histories.ts';
import type { History } from './history.ts';
import { play, type PlayOptions } from './play.ts';
import { createTally, type Figures } from './tally.ts';
import { timelineOf } from './timeline.ts';

export interface ProveSettings {
  readonly runs: number;
  readonly seed: number;
  /** Goes straight to one counterexample of an earlier run with the same seed. */
  readonly path?: string | undefined;
  /** Another table than the one in memory, and the task's id in it for each run. */
  readonly options?: () => PlayOptions;
  readonly onProgress?: (done: number) => void;
}

/** The smallest history found that ends wrong, and how to see it again. */
export interface Counterexample {
  readonly history: History;
  readonly seed: number;
  readonly path: string;
  /** How many histories it took. */
  readonly runs: number;
  readonly timeline: string;
}

export interface Proof {
  readonly seed: number;
  readonly figures: Figures;
  readonly counterexample?: Counterexample | undefined;
}

/** Plays random histories until one ends wrong, which is then made as small as it gets. */
export async function prove(settings: ProveSettings): Promise<Proof> {
  const { runs, seed, path, options = () => ({}), onProgress } = settings;
  const tally = createTally();
  let hasFailed = false;
  const property = fc.asyncProperty(histories, async (history) => {
    const startedAt = performance.now();
    const played = await play(history, options());
    const seconds = (performance.now() - startedAt) / 1_000;
    // What fast-check tries to make a counterexample smaller is no part of the figures.
    if (!hasFailed) {
      await tally.add(history, played, seconds);
      onProgress?.(tally.figures().histories);
    }
    if (findingsOf(played).length === 0) return true;
    hasFailed = true;
    return false;
  });
  const details = await fc.check(property, { numRuns: runs, seed, ...(path && { path }) });
  const [history] = details.counterexample ?? [];
  if (history === undefined) return { seed, figures: tally.figures() };
  const counterexample = {
    ...{ history, seed, runs: details.numRuns, path: details.counterexamplePath ?? '' },
    timeline: await timelineOf(history, options()),
  };
  return { seed, figures: tally.figures(), counterexample };
}
