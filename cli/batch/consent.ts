import type { Batch, BatchRef } from '../../shared/scale/batches.ts';
import { CommandFailure } from '../failure.ts';
import { nameOf, requireAllowed } from './batch-rules.ts';
import type { ChangeDependencies } from './change-batch.ts';
import { findBatch } from './find-batch.ts';
import type { Outcome } from './outcomes.ts';

/** In a question more than this are counted. */
const MOST_NAMED = 20;

/** Looks at all batches that are to be cancelled, and asks once for those that can be. */
export async function consentForAll(
  { confirm, ...dependencies }: Pick<ChangeDependencies, 'api' | 'clock' | 'confirm'>,
  refs: readonly BatchRef[],
  asFailure: (error: unknown) => CommandFailure,
): Promise<readonly Outcome[]> {
  const batches: Batch[] = [];
  const failed: Outcome[] = [];
  for (const ref of refs) {
    try {
      const { batch } = await findBatch(dependencies, ref);
      requireAllowed('cancel', batch);
      batches.push(batch);
    } catch (error) {
      const failure = asFailure(error);
      if (failure.code === 'unauthorized') throw failure;
      failed.push({ kind: 'failed', ref, failure });
    }
  }
  if (batches.length === 0) return failed;
  const named = batches.slice(0, MOST_NAMED).map((one) => `${nameOf(one)}, which is ${one.status}`);
  const more = batches.length - named.length;
  const rest = more > 0 ? `; and ${String(more)} more` : '';
  const what = `This cancels ${named.join('; ')}${rest}, and all of their unstarted tasks.`;
  if (await confirm(`${what} It cannot be undone. Go on?`)) return failed;
  throw new CommandFailure('declined', 'nothing has been changed');
}
