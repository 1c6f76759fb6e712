import type { Environment } from '../shared/platform/env.ts';
import type { ScaleApi } from '../shared/scale/scale-api.ts';
import { CommandFailure } from './failure.ts';
import type { Mirror } from './mirror.ts';
import type { Voice } from './output.ts';
import { namesMirror } from './targets/resources.ts';

/** Options that say where a command works. */
export interface TargetOptions {
  readonly local?: true | undefined;
  readonly stack?: string | undefined;
  readonly region?: string | undefined;
  readonly profile?: string | undefined;
  readonly verbose?: true | undefined;
}

/** The stack that `npm start` runs, a deployed one, one that variables name, or Scale alone. */
export type Place =
  | { readonly kind: 'local' }
  | ({ readonly kind: 'stack'; readonly stack: string } & Pick<TargetOptions, 'region' | 'profile'>)
  | { readonly kind: 'variables' }
  | { readonly kind: 'scale' };

/** Scale, as the key of a place opens it. */
export interface ScaleAccess {
  readonly api: ScaleApi;
  readonly scaleUrl: string;
  /** What to do where Scale does not accept the key, in words. */
  readonly keyAdvice: string;
}

/** Scale, and the mirror beside it. */
export interface Target {
  /** Reads the key. A `CommandFailure` where there is none. */
  scale(): Promise<ScaleAccess>;
  /** Scale by another key than that of the place. */
  readonly scaleBy: (key: string) => ScaleAccess;
  /** Absent where no mirror was named. */
  readonly mirror: Mirror | undefined;
  /** Ends connections, so that the process can end. */
  close(): void;
}

export type OpenTarget = (place: Place, env: Environment, voice: Voice) => Promise<Target>;

/** Where the options, or else the variables, say that a command works. */
export function placeOf({ local, stack, region, profile }: TargetOptions, env: Environment): Place {
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
  if (local === true) return { kind: 'local' };
  return { kind: namesMirror(env) ? 'variables' : 'scale' };
}

/** The options that say the same place again, for a command in a hint. */
export function optionsOf(place: Place): string {
  if (place.kind === 'scale' || place.kind === 'variables') return '';
  if (place.kind === 'local') return ' --local';
  const { stack, region, profile } = place;
  const options = Object.entries({ stack, region, profile });
  return options
    .map(([name, value]) => (value === undefined ? '' : ` --${name} ${value}`))
    .join('');
}
