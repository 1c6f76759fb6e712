import { WalkFailedError } from '../../shared/walks/to-the-end.ts';
import { CommandFailure } from '../failure.ts';

/** What a function says of its failure is in plain words already; anything else is not of its making. */
export function walkFailure(error: unknown): unknown {
  if (!(error instanceof WalkFailedError)) return error;
  return new CommandFailure('failed', error.message, {
    hint: 'what did not fail has gone on; the next run tries the rest again',
    cause: error,
  });
}

/** The secret of the API key is empty: callbacks are stored, and nobody can be asked for more. */
export function noKey(run: string): CommandFailure {
  return new CommandFailure('no-key', `no ${run} without an API key`, {
    hint: 'fill the secret of the API key, or start the stack on this machine with SCALE_API_KEY',
  });
}
