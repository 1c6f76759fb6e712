import * as fc from 'fast-check';

import { findingsOf } from '../prove/checks.ts';
import { decideAlone, prepare } from '../prove/decide-alone.ts';
import { histories } from '../prove/histories.ts';
import { play } from '../prove/play.ts';
import { realisticHistories } from '../prove/realistic.ts';
import type { BenchResult } from './result.ts';

const SEED = 20_261_121;
const DECIDED = 5_000;
const PLAYED = 1_000;
const REALISTIC = 3_000;
const WARM_UP = 100;

/** Speed of random histories by the rule alone and through the worker, and confirms on everyday ones. */
export async function benchProve(): Promise<BenchResult> {
  return {
    name: 'prove',
    ratios: {},
    figures: {
      historiesPerSecondDecide: Math.round(decidePerSecond()),
      historiesPerSecondWorker: Math.round(await workerPerSecond()),
      confirmsPerObservation: Number((await confirmsPerObservation()).toFixed(4)),
    },
  };
}

function decidePerSecond(): number {
  const prepared = fc.sample(histories, { numRuns: DECIDED, seed: SEED }).map(prepare);
  prepared.slice(0, WARM_UP).forEach(decideAlone);
  const startedAt = performance.now();
  prepared.forEach(decideAlone);
  return perSecond(DECIDED, startedAt);
}

async function workerPerSecond(): Promise<number> {
  const sample = fc.sample(histories, { numRuns: PLAYED + WARM_UP, seed: SEED });
  for (const history of sample.slice(0, WARM_UP)) await play(history);
  const startedAt = performance.now();
  for (const history of sample.slice(WARM_UP)) await play(history);
  return perSecond(PLAYED, startedAt);
}

function perSecond(histories: number, startedAt: number): number {
  return (1_000 * histories) / (performance.now() - startedAt);
}

async function confirmsPerObservation(): Promise<number> {
  let confirms = 0;
  let observations = 0;
  for (const history of fc.sample(realisticHistories, { numRuns: REALISTIC, seed: SEED })) {
    const played = await play(history);
    if (findingsOf(played).length > 0) throw new Error('an everyday history ends wrong');
    confirms += played.confirms;
    observations += played.sent.arrivals.length;
  }
  return confirms / observations;
}
