/** Why a command has not done what it was asked for. Scripts read these by `--json`; docs list them. */
export type FailureCode =
  | 'usage'
  | 'no-key'
  | 'no-credentials'
  | 'no-stack'
  | 'not-found'
  | 'wrong-status'
  | 'declined'
  | 'needs-force'
  | 'refused'
  | 'unauthorized'
  | 'unavailable'
  | 'outcome-unknown'
  | 'not-confirmed'
  | 'incomplete'
  | 'failed';

/** Nothing was begun: the command has to be given differently, or set up first. */
const NOT_BEGUN: readonly FailureCode[] = ['usage', 'no-key', 'no-credentials'];

export interface FailureDetails {
  /** What to do about it. */
  readonly hint?: string | undefined;
  readonly cause?: unknown;
}

/** A command that has not done what it was asked for. The message and the hint are for people. */
export class CommandFailure extends Error {
  override readonly name = 'CommandFailure';
  readonly code: FailureCode;
  readonly hint: string | undefined;

  constructor(code: FailureCode, message: string, { hint, cause }: FailureDetails = {}) {
    super(message, { cause });
    this.code = code;
    this.hint = hint;
  }

  get exitCode(): 1 | 2 {
    return NOT_BEGUN.includes(this.code) ? 2 : 1;
  }
}

/** A command that has done a part, and has printed as its result what it has not done: exit code 1. */
export class PartlyDone extends Error {
  override readonly name = 'PartlyDone';
}

/** A command that was told to stop, and has printed as its result what it has done so far: exit code 130. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';
}
