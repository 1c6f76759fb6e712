import type { BatchRef } from '../../shared/scale/batches.ts';
import type { CommandFailure } from '../failure.ts';
import { nameOf } from './batch-rules.ts';
import type { BatchReport, ChangeDependencies } from './change-batch.ts';
import type { Outcome } from './outcomes.ts';
import { statusLine } from './report.ts';
import { waitFor } from './wait.ts';

/** What a command does to each batch. */
export interface BatchWork {
  readonly action: BatchReport['action'];
  readonly work: (dependencies: ChangeDependencies, ref: BatchRef) => Promise<BatchReport>;
  /** Asks once for all; answers what has failed already. */
  readonly consent?:
    | ((
        dependencies: ChangeDependencies,
        refs: readonly BatchRef[],
        asFailure: (error: unknown) => CommandFailure,
      ) => Promise<readonly Outcome[]>)
    | undefined;
}

export interface RunEachDependencies extends ChangeDependencies {
  readonly asFailure: (error: unknown) => CommandFailure;
  readonly takeInterruption: () => AbortSignal;
}

interface EachSettings extends BatchWork {
  /** `undefined`: what Scale does asynchronously is not waited for. */
  readonly waitMs: number | undefined;
}

/** What has become of all. */
export interface Outcomes {
  readonly outcomes: readonly Outcome[];
  readonly wasInterrupted: boolean;
}

/** One batch after the other: what fails for one does not keep the others from being done. */
export async function runEach(
  dependencies: RunEachDependencies,
  refs: readonly BatchRef[],
  { action, work, consent, waitMs }: EachSettings,
): Promise<Outcomes> {
  const { asFailure, clock, tell } = dependencies;
  const failedBefore = (await consent?.(dependencies, refs, asFailure)) ?? [];
  // Not before the question: there Ctrl-C means no.
  const interrupted = dependencies.takeInterruption();
  const tried: Outcome[] = [];
  for (const [at, ref] of refs.entries()) {
    const outcome = interrupted.aborted
      ? ({ kind: 'not tried', ref } as const)
      : (failedBefore.find((one) => 'ref' in one && one.ref === ref) ??
        sameRefusal(tried, ref) ??
        (await settled(work(dependencies, ref), ref, asFailure)));
    tried.push(outcome);
    if (action !== 'show') tell(`[${String(at + 1)}/${String(refs.length)}] ${inShort(outcome)}`);
  }
  if (waitMs === undefined) return { outcomes: tried, wasInterrupted: interrupted.aborted };
  const limits = { until: clock.now() + waitMs, interrupted };
  const outcomes: Outcome[] = [];
  for (const one of tried) {
    if (one.kind !== 'done' || interrupted.aborted) {
      outcomes.push(one);
      continue;
    }
    const ref = { id: one.report.batch.id };
    outcomes.push(await settled(waitFor(dependencies, one.report, limits), ref, asFailure));
  }
  return { outcomes, wasInterrupted: interrupted.aborted };
}

async function settled(
  doing: Promise<BatchReport>,
  ref: BatchRef,
  asFailure: RunEachDependencies['asFailure'],
): Promise<Outcome> {
  try {
    return { kind: 'done', report: await doing };
  } catch (error) {
    return { kind: 'failed', ref, failure: asFailure(error) };
  }
}

/** A key that was refused once is not tried again. */
function sameRefusal(tried: readonly Outcome[], ref: BatchRef): Outcome | undefined {
  const last = tried.at(-1);
  if (last?.kind !== 'failed' || last.failure.code !== 'unauthorized') return undefined;
  return { kind: 'failed', ref, failure: last.failure };
}

function inShort(outcome: Outcome): string {
  if (outcome.kind === 'not tried') return 'not tried';
  if (outcome.kind === 'failed') return `not done: ${outcome.failure.message}`;
  return `${nameOf(outcome.report.batch)}: ${statusLine(outcome.report)}`;
}
