import type { BatchAction } from '../../shared/scale/batches.ts';
import { consent } from '../consent.ts';
import type { Context } from '../context.ts';
import { changeBatch, showBatch } from './change-batch.ts';
import { consentForAll } from './consent.ts';
import { refsOf } from './refs.ts';
import { type BatchOptions, run } from './run.ts';

/** `batch finalize`, `pause` and `resume`. */
export async function change(
  context: Context,
  options: BatchOptions,
  action: BatchAction,
): Promise<void> {
  await run(context, options, {
    action,
    work: (dependencies, ref) => changeBatch(dependencies, action, ref),
  });
}

/** `batch cancel`: of several batches it is asked once for all. */
export async function cancel(
  context: Context,
  options: BatchOptions & { readonly yes?: true | undefined },
): Promise<void> {
  const confirm = consent(context, options.yes, 'cancelling');
  const isOne = refsOf(options).length === 1;
  const consented = () => Promise.resolve(true);
  await run(context, options, {
    action: 'cancel',
    work: (dependencies, ref) =>
      changeBatch({ ...dependencies, confirm: isOne ? confirm : consented }, 'cancel', ref),
    consent: (dependencies, refs, asFailure) =>
      consentForAll({ ...dependencies, confirm }, refs, asFailure),
  });
}

/** `batch show`. */
export async function show(
  context: Context,
  options: BatchOptions & { readonly track?: true | undefined },
): Promise<void> {
  const isToBeTracked = options.track === true;
  await run(context, options, {
    action: 'show',
    work: (dependencies, ref) => showBatch(dependencies, ref, isToBeTracked),
  });
}
