import type { BatchRef } from '../../shared/scale/batches.ts';
import { CommandFailure } from '../failure.ts';

/** Options that name batches: one of the two kinds, each as often as there are batches. */
export interface RefOptions {
  readonly id?: readonly string[] | undefined;
  readonly name?: readonly string[] | undefined;
}

/** For commander: takes an option as often as it is given. */
export function collect(value: string, before: readonly string[] | undefined): readonly string[] {
  return [...(before ?? []), value];
}

/** The batches that are named, each once. The vendor's page asks for exactly one of id and name. */
export function refsOf({ id, name }: RefOptions): readonly [BatchRef, ...BatchRef[]] {
  const given = id ?? name ?? [];
  const isOneKind = id === undefined || name === undefined;
  const [first, ...others] = [...new Set(given)].map((one) =>
    id === undefined ? { name: one } : { id: one },
  );
  if (isOneKind && first !== undefined && !given.includes('')) return [first, ...others];
  throw new CommandFailure('usage', 'give exactly one of --id and --name, and not an empty one', {
    hint: 'either may be given again for each further batch; add --help to see an example',
  });
}

/** The one batch that is named. */
export function refOf(options: RefOptions): BatchRef {
  const [ref, ...others] = refsOf(options);
  if (others.length === 0) return ref;
  throw new CommandFailure('usage', 'this command takes one batch');
}
