import { AUTH_HEADER } from '../../shared/platform/callback-keys.ts';
import type { PostCallback } from './round-trip.ts';

const TIMEOUT_MS = 30_000;

/** A POST of Scale's form (Callbacks page). */
export const postCallback: PostCallback = async (url, key, body) => {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', [AUTH_HEADER]: key },
    body,
    redirect: 'manual',
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  await response.body?.cancel().catch(() => undefined);
  return response.status;
};
