import { errorName } from '../../shared/platform/log.ts';
import type { BatchRef } from '../../shared/scale/batches.ts';
import { ScaleRefusedError } from '../../shared/scale/errors.ts';
import { type CountedBatch, readBatch } from '../../shared/scale/read-batch.ts';
import type { ScaleApi } from '../../shared/scale/scale-api.ts';
import type { WorkerDependencies } from './dependencies.ts';
import { keepUnrecognised } from './keep-unrecognised.ts';
import type { Ending } from './process-message.ts';
import { putBack } from './put-back.ts';
import type { ReceivedMessage } from './sight.ts';
import { waitAfter } from './unavailable.ts';

/**
 * A callback about a batch is a hint to read that batch, and no more: its shape is not documented. The
 * batch is then followed by backfill until it ends. The bytes are kept in any case.
 */
export async function processBatchCallback(
  dependencies: WorkerDependencies,
  received: ReceivedMessage,
  ref: BatchRef,
): Promise<Ending> {
  const { log, metrics } = dependencies;
  const scale = await dependencies.scale();
  try {
    const isKnown = scale !== undefined && (await noteBatch(dependencies, scale.api, ref));
    if (isKnown) metrics.count('BatchCallback');
    await keepUnrecognised(dependencies, received, isKnown ? 'a batch' : 'no task');
    return 'finished';
  } catch (error) {
    const afterMs = waitAfter(error);
    if (afterMs === undefined) throw error;
    log.warn('batch not read: Scale could not be asked', { error: errorName(error) });
    await putBack(dependencies, received.message, received.message.progress, afterMs);
    return 'put back';
  }
}

/** False where Scale does not know it: then the callback was about something else. */
async function noteBatch(
  { batchBook, clock }: WorkerDependencies,
  api: ScaleApi,
  ref: BatchRef,
): Promise<boolean> {
  const checkedAt = clock.now();
  const batch = await findBatch(api, ref);
  if (batch === undefined) return false;
  await batchBook.put({ ...batch, checkedAt });
  return true;
}

/** What stands where a batch's name or id was guessed to be may be none, so a refusal says no more than 404. */
async function findBatch(api: ScaleApi, ref: BatchRef): Promise<CountedBatch | undefined> {
  try {
    return await readBatch(api, ref);
  } catch (error) {
    if (error instanceof ScaleRefusedError && !error.isUnauthorized) return undefined;
    throw error;
  }
}
