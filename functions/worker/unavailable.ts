import { ScaleRefusedError, ScaleUnavailableError } from '../../shared/scale/errors.ts';

/** While Scale is down or refuses the key, a message waits so long and is never given up. */
const UNAVAILABLE_DELAY_MS = 5 * 60_000;

/** How long to wait before Scale is asked again, if an error says that it could not be asked at all. */
export function waitAfter(error: unknown): number | undefined {
  if (error instanceof ScaleUnavailableError) {
    return Math.max(UNAVAILABLE_DELAY_MS, error.retryAfterMs ?? 0);
  }
  const isKeyRefused = error instanceof ScaleRefusedError && error.isUnauthorized;
  return isKeyRefused ? UNAVAILABLE_DELAY_MS : undefined;
}
