/** What Scale says in the body of an error, `{status_code, error}`, as far as it says anything. */
export interface ErrorBody {
  readonly statusCode?: number | undefined;
  readonly reason?: string | undefined;
}

const NOT_FOUND = "is its name spelt as in Scale, and of this key's world?";

/** Scale answered, and the answer is an error that a repetition would not change. */
export class ScaleRefusedError extends Error {
  override readonly name = 'ScaleRefusedError';
  /** Of the answer, as HTTP has it. */
  readonly status: number;
  /** The body's `status_code`, which may differ. */
  readonly statusCode: number | undefined;
  /** The body's `error`. */
  readonly reason: string | undefined;
  /** The message without what Scale says: for logs. */
  readonly plainMessage: string;

  constructor(call: string, status: number, { statusCode, reason }: ErrorBody = {}) {
    const plain = `Scale answered ${String(status)} to ${call}`;
    const known = status === 404 ? `${plain}: ${NOT_FOUND}` : plain;
    super(reason === undefined ? known : `${plain}: ${reason}`);
    this.plainMessage = known;
    this.status = status;
    this.statusCode = statusCode;
    this.reason = reason;
  }

  /** What was asked for is unknown: misspelt, gone, or of the other API or world. */
  get isNotFound(): boolean {
    return this.status === 404;
  }

  /** The API key is wrong, revoked, or of the other world. */
  get isUnauthorized(): boolean {
    return this.status === 401 || this.status === 403;
  }
}

/**
 * - `busy`: 408, 429, 503
 * - `failed`: any other 5xx
 * - `timed out`: no whole answer in time
 * - `broken`: an answer that broke off, an HTML page, plain text where JSON was asked for
 * - `unreachable`: no connection, or it ended before an answer began
 */
export type Trouble = 'busy' | 'failed' | 'timed out' | 'broken' | 'unreachable';

export interface Unavailability extends ErrorBody {
  readonly trouble: Trouble;
  /** What happened, for people. */
  readonly what: string;
  /** Of the answer, where there was one. */
  readonly status?: number | undefined;
  /** What Scale asked us to wait, in milliseconds. */
  readonly retryAfterMs?: number | undefined;
  readonly cause?: unknown;
}

/** Scale could not be reached, was busy, or gave an answer that broke off, as often as it was asked. */
export class ScaleUnavailableError extends Error {
  override readonly name = 'ScaleUnavailableError';
  readonly trouble: Trouble;
  readonly status: number | undefined;
  /** The body's `status_code` and `error`, where there was such a body. */
  readonly statusCode: number | undefined;
  readonly reason: string | undefined;
  readonly retryAfterMs: number | undefined;

  constructor(call: string, { trouble, what, cause, ...answer }: Unavailability) {
    super(`Scale could not answer ${call}: ${what}`, { cause });
    this.trouble = trouble;
    this.status = answer.status;
    this.statusCode = answer.statusCode;
    this.reason = answer.reason;
    this.retryAfterMs = answer.retryAfterMs;
  }

  /** A smaller page might have been answered: the vendor's client says so of large tasks. */
  get mayBeTooLarge(): boolean {
    return ['failed', 'timed out', 'broken'].includes(this.trouble);
  }
}

/**
 * A call that changes something got no clear answer, so it may or may not have happened: Scale is known
 * to answer 5xx to what it then did. Whoever asked has to look before asking again.
 */
export class ScaleOutcomeUnknownError extends Error {
  override readonly name = 'ScaleOutcomeUnknownError';

  constructor(call: string, what: string, cause?: unknown) {
    super(`Scale did not say whether ${call} has happened: ${what}`, { cause });
  }
}
