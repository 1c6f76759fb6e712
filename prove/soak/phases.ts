import { drained, type Queues } from './backlog.ts';
import { postAtFullSpeed, postAtRate } from './load.ts';
import type { Poster } from './poster.ts';
import { findSustainableRate } from './sustainable-rate.ts';
import { acceptedOf, createTally, type RunningTally, type Tally } from './tally.ts';

/** What the phases of one run share. */
export interface Run {
  readonly queues: Queues;
  readonly authentic: Poster;
  readonly wrong: Poster;
  /** Numbers of the tasks whose callbacks were answered 2xx. */
  readonly accepted: number[];
  /** Callbacks that were numbered so far. */
  numbered: number;
  readonly signal: AbortSignal;
  readonly onPhase: (name: string, tally: RunningTally) => void;
}

/** More would only wait in line: the stack has two cores, as most machines that it runs on. */
export const CONNECTIONS = 256;
export const WRONG_CONNECTIONS = 32;

const BURST_FACTOR = 10;
const STEADY_SHARE = 0.25;

const TRIAL_SECONDS = 3;
/** What a trial has left on the queue has to be gone in so long. */
const TRIAL_DRAIN_SECONDS = 1;
const TRIAL_ACCEPTED = 0.98;
const TRIAL_P99_MS = 1_000;

const LONGEST_DRAIN_SECONDS = 1_200;

/** The rate that the stack keeps up with, in callbacks a second. */
export async function ramp(run: Run): Promise<number> {
  await post(run, 'warm-up', 20, TRIAL_SECONDS);
  return findSustainableRate(async (perSecond) => {
    const tally = await post(run, `${String(perSecond)}/s`, perSecond, TRIAL_SECONDS);
    const seconds = await drained(run.queues, TRIAL_DRAIN_SECONDS, run.signal);
    if (seconds === undefined) await drain(run);
    return (
      seconds !== undefined &&
      acceptedOf(tally) >= perSecond * TRIAL_SECONDS * TRIAL_ACCEPTED &&
      tally.latencies.p99 <= TRIAL_P99_MS
    );
  });
}

export interface Burst {
  readonly perSecond: number;
  readonly authentic: Tally;
  readonly wrong: Tally;
}

/** Ten times the sustainable rate, and wrong keys beside it as fast as they are answered. */
export async function burst(run: Run, sustainable: number, seconds: number): Promise<Burst> {
  const perSecond = sustainable * BURST_FACTOR;
  const ending = new AbortController();
  const tally = createTally();
  const flood = postAtFullSpeed({
    poster: run.wrong,
    tally,
    lanes: WRONG_CONNECTIONS,
    signal: AbortSignal.any([ending.signal, run.signal]),
  });
  const authentic = await post(run, 'burst', perSecond, seconds);
  ending.abort();
  await flood;
  return { perSecond, authentic, wrong: tally.now() };
}

export interface Steady {
  readonly perSecond: number;
  readonly tally: Tally;
}

/** A quarter of the sustainable rate, for the rest of the run. */
export async function steady(run: Run, sustainable: number, seconds: number): Promise<Steady> {
  const perSecond = Math.max(1, Math.round(sustainable * STEADY_SHARE));
  return { perSecond, tally: await post(run, 'steady', perSecond, Math.max(0, seconds)) };
}

/** Seconds until nothing is left to work off; `undefined` if that does not come. */
export function drain({ queues, signal }: Run): Promise<number | undefined> {
  return drained(queues, LONGEST_DRAIN_SECONDS, signal);
}

async function post(run: Run, name: string, perSecond: number, seconds: number): Promise<Tally> {
  const tally = createTally();
  run.onPhase(name, tally);
  const load = { poster: run.authentic, tally, lanes: CONNECTIONS, signal: run.signal };
  run.numbered = await postAtRate(load, {
    perSecond,
    seconds,
    first: run.numbered,
    onAccepted: (number) => run.accepted.push(number),
  });
  return tally.now();
}
