import type { BatchBook } from '../shared/coverage/batch-book.ts';
import type { Environment } from '../shared/platform/env.ts';
import type { BatchesApi } from '../shared/scale/batches.ts';
import { CommandFailure } from './failure.ts';

/** Options that say where a command works. */
export interface TargetOptions {
  readonly local?: true | undefined;
  readonly stack?: string | undefined;
  readonly region?: string | undefined;
  readonly profile?: string | undefined;
}

/** The stack that `npm start` runs, a deployed one, or Scale alone. */
export type Place =
  | { readonly kind: 'local' }
  | ({ readonly kind: 'stack'; readonly stack: string } & Pick<TargetOptions, 'region' | 'profile'>)
  | { readonly kind: 'scale' };

/** Scale, and the mirror beside it. */
export interface Target {
  readonly api: BatchesApi;
  readonly scaleUrl: string;
  /** Absent where no mirror was named. */
  readonly book: BatchBook | undefined;
  /** What to do where Scale does not accept the key, in words. */
  readonly keyAdvice: string;
  /** Ends connections, so that the process can end. */
  close(): void;
}

export type OpenTarget = (
  place: Place,
  env: Environment,
  tell: (line: string) => void,
) => Promise<Target>;

/** Where the options say that a command works. */
export function placeOf({ local, stack, region, profile }: TargetOptions): Place {
  if (local === true && stack !== undefined) {
    throw new CommandFailure('usage', 'give --local or --stack, not both');
  }
  if (stack !== undefined) {
    if (stack === '') throw new CommandFailure('usage', '--stack needs the name of a stack');
    return { kind: 'stack', stack, region, profile };
  }
  if (region !== undefined || profile !== undefined) {
    throw new CommandFailure('usage', '--region and --profile belong to --stack NAME');
  }
  return { kind: local === true ? 'local' : 'scale' };
}

/** The options that say the same place again, for a command in a hint. */
export function optionsOf(place: Place): string {
  if (place.kind === 'scale') return '';
  if (place.kind === 'local') return ' --local';
  const { stack, region, profile } = place;
  const options = Object.entries({ stack, region, profile });
  return options
    .map(([name, value]) => (value === undefined ? '' : ` --${name} ${value}`))
    .join('');
}
