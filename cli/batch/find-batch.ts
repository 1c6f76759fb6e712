import type { Clock } from '../../shared/platform/clock.ts';
import type { Batch, BatchesApi, BatchRef } from '../../shared/scale/batches.ts';
import { CommandFailure } from '../failure.ts';
import { nameOf } from './batch-rules.ts';

/** A batch as Scale has it, and when Scale was asked. */
export interface Sighting {
  readonly batch: Batch;
  readonly askedAt: number;
}

export interface FindDependencies {
  readonly api: Pick<BatchesApi, 'getBatch'>;
  readonly clock: Clock;
}

/** Reads a batch. One that Scale does not know, or another one than was asked for, is a failure. */
export async function findBatch(
  { api, clock }: FindDependencies,
  ref: BatchRef,
): Promise<Sighting> {
  const askedAt = clock.now();
  const batch = await api.getBatch(ref);
  if (batch === undefined) throw notFound(ref);
  const isMeant = 'id' in ref ? batch.id === ref.id : batch.name === ref.name;
  if (!isMeant) {
    const message = `Scale was asked for ${inWords(ref)} and answered with ${nameOf(batch)}`;
    throw new CommandFailure('not-confirmed', message, {
      hint: `nothing has been changed; if that is the batch you mean: --id ${batch.id}`,
    });
  }
  return { batch, askedAt };
}

function notFound(ref: BatchRef): CommandFailure {
  return new CommandFailure('not-found', `Scale knows no ${inWords(ref)}`, {
    hint: "is it spelt as in Scale, and of this key's world? A live_ key sees no test batches, a test_ key no live ones",
  });
}

/** What was asked for, in a sentence. */
export function inWords(ref: BatchRef): string {
  return 'id' in ref ? `batch with the id "${ref.id}"` : `batch with the name "${ref.name}"`;
}
