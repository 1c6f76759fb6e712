/** Scale answered, and the answer is an error that a repetition would not change. */
export class ScaleRefusedError extends Error {
  override readonly name = 'ScaleRefusedError';
  readonly status: number;
  /** What Scale's `{status_code, error}` says, where it does. */
  readonly reason: string | undefined;

  constructor(path: string, status: number, reason: string | undefined) {
    super(
      `Scale answered ${String(status)} to ${path}${reason === undefined ? '' : `: ${reason}`}`,
    );
    this.status = status;
    this.reason = reason;
  }

  /** The API key is wrong, revoked, or of the other world. */
  get isUnauthorized(): boolean {
    return this.status === 401 || this.status === 403;
  }
}

/** Scale could not be reached, was busy, or gave an answer that broke off, as often as it was asked. */
export class ScaleUnavailableError extends Error {
  override readonly name = 'ScaleUnavailableError';
  /** What Scale asked us to wait, in milliseconds. */
  readonly retryAfterMs: number | undefined;

  constructor(path: string, what: string, retryAfterMs?: number, cause?: unknown) {
    super(`Scale could not answer ${path}: ${what}`, { cause });
    this.retryAfterMs = retryAfterMs;
  }
}
