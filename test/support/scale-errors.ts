import { ScaleRefusedError, ScaleUnavailableError } from '../../shared/scale/errors.ts';

/** Scale is busy, and may have said for how long. */
export function busy(retryAfterMs?: number): ScaleUnavailableError {
  const what = 'status 503';
  return new ScaleUnavailableError('GET /v2/tasks', { trouble: 'busy', what, retryAfterMs });
}

/** A page that took too long, perhaps for its size. */
export function timedOut(): ScaleUnavailableError {
  const what = 'timed out';
  return new ScaleUnavailableError('GET /v2/tasks', { trouble: 'timed out', what });
}

export function refused(status: number, reason?: string): ScaleRefusedError {
  return new ScaleRefusedError('GET /v2/tasks', status, { reason });
}
