import { CommandFailure } from '../failure.ts';

export interface SourceOptions {
  readonly project?: string | undefined;
  readonly batch?: string | undefined;
  readonly all?: true | undefined;
}

/** The id of the one source that the options name; `undefined` for all. */
export function onlySource({ project, batch, all }: SourceOptions): string | undefined {
  const named = [project, batch, all].filter((one) => one !== undefined);
  if (named.length > 1) {
    throw new CommandFailure('usage', 'give one of --project, --batch and --all');
  }
  if (project !== undefined) return `project:${project}`;
  return batch === undefined ? undefined : `batch:${batch}`;
}
