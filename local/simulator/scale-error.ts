/** A refusal as Scale words it: an HTTP status and `{status_code, error}` (docs.scale.com/reference/errors). */
export class ScaleError extends Error {
  override readonly name = 'ScaleError';
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

export function badRequest(message: string): ScaleError {
  return new ScaleError(400, message);
}

export function notFound(what: string): ScaleError {
  return new ScaleError(404, `${what} was not found`);
}
