import type { Clock, Sleep } from '../../shared/platform/clock.ts';
import type { Batch, BatchAction, BatchesApi, BatchRef } from '../../shared/scale/batches.ts';
import { CommandFailure } from '../failure.ts';
import { batchRules, nameOf } from './batch-rules.ts';
import { findBatch, type Sighting } from './find-batch.ts';

export interface PerformDependencies {
  readonly api: Pick<BatchesApi, 'getBatch' | 'changeBatch'>;
  readonly clock: Clock;
  readonly sleep: Sleep;
  /** Tells people what goes on. */
  readonly tell: (line: string) => void;
  /** The command that looks at a batch and changes nothing, for hints. */
  readonly showCommand: (batch: Batch) => string;
}

/** What is to be done, to which batch. */
export interface Change {
  readonly action: BatchAction;
  readonly ref: BatchRef;
  /** As it was seen just before. */
  readonly before: Batch;
}

/** The batch after an action, as Scale really has it. */
export interface Performed extends Sighting {
  /** What Scale says beside it. */
  readonly message: string | undefined;
}

/** Looks after each wait, until the status has moved. */
export async function lookInDoubt(
  dependencies: PerformDependencies,
  change: Change,
  waits: readonly number[],
  doubt?: Error,
): Promise<Performed> {
  let seen: Performed | undefined;
  for (const waitMs of waits) {
    if (waitMs > 0) await dependencies.sleep(waitMs);
    try {
      seen = { ...(await findBatch(dependencies, change.ref)), message: undefined };
    } catch (error) {
      throw outcomeUnknown(dependencies, change, doubt ?? error);
    }
    if (seen.batch.status !== change.before.status) break;
  }
  if (seen === undefined) throw new Error('nothing was looked at');
  return seen;
}

export function isReached({ action }: Change, { status }: Batch): boolean {
  return batchRules[action].reached.includes(status);
}

export function happened({ tell }: PerformDependencies, seen: Performed): Performed {
  tell(`It has: ${nameOf(seen.batch)} is ${seen.batch.status}.`);
  return seen;
}

/** It went elsewhere, by another hand: nothing is tried again. */
export function requireUnmoved({ action, before }: Change, { status }: Batch): void {
  if (status === before.status) return;
  const message = `${nameOf(before)} was ${before.status} and is ${status} now: not ${batchRules[action].participle}`;
  throw new CommandFailure('not-confirmed', message);
}

export function outcomeUnknown(
  { showCommand }: PerformDependencies,
  { action, before }: Change,
  cause: unknown,
): CommandFailure {
  const why = cause instanceof Error ? ` (${cause.message})` : '';
  const message = `${nameOf(before)} may or may not have been ${batchRules[action].participle}${why}`;
  return new CommandFailure('outcome-unknown', message, {
    hint: `it was ${before.status} before; look in a while: ${showCommand(before)}`,
    cause,
  });
}
