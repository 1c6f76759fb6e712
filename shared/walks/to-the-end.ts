import * as v from 'valibot';

import type { Sleep } from '../platform/clock.ts';

/** How somebody waits for the end of a run that takes several invocations. */
export interface TellAndSleep {
  readonly tell: (line: string) => void;
  readonly sleep: Sleep;
}

export const WAIT_WHILE_BUSY_MS = 1_000;

/** The function failed, and says why in plain words. */
export class WalkFailedError extends Error {
  override readonly name = 'WalkFailedError';
}

const failure = v.object({ errorMessage: v.string() });

/** Reads what an invocation answers; a failure of the function is thrown. */
export function readAnswer<Result>(
  result: v.GenericSchema<unknown, Result>,
  answer: unknown,
): Result {
  if (v.is(failure, answer)) throw new WalkFailedError(answer.errorMessage);
  return v.parse(result, answer);
}
