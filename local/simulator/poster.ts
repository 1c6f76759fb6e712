import { AUTH_HEADER } from '../../shared/platform/callback-keys.ts';
import type { Attempt } from './deliveries.ts';

/** Posts a callback once; answers what came of it. */
export type Post = (url: string, body: string) => Promise<Omit<Attempt, 'at'>>;

export interface PosterSettings {
  readonly callbackKey: string;
  /** One POST, to its status line. Scale's own limit is not documented. */
  readonly timeoutMs: number;
  readonly fetch: typeof fetch;
  readonly signal: AbortSignal;
}

/** POSTs under way at once; Scale's number is not documented. */
const MOST_AT_ONCE = 50;

/** The POST of the Callbacks page: JSON, with `scale-callback-auth`. Redirects are not followed: no 2xx. */
export function createPoster({ callbackKey, timeoutMs, fetch, signal }: PosterSettings): Post {
  const takeTurn = createTurns(MOST_AT_ONCE);
  return async (url, body) => {
    const giveTurn = await takeTurn();
    try {
      const response = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', [AUTH_HEADER]: callbackKey },
        body,
        redirect: 'manual',
        signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
      });
      // The status line is the answer; a receiver that cuts the connection behind it has answered.
      await response.body?.cancel().catch(() => undefined);
      return { status: response.status };
    } catch (error) {
      return { error: reason(error) };
    } finally {
      giveTurn();
    }
  };
}

function reason(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  return cause instanceof Error ? `${error.message}: ${cause.message}` : error.message;
}

/** Lets so many through at once; the others wait in line. */
function createTurns(most: number): () => Promise<() => void> {
  const line: (() => void)[] = [];
  let taken = 0;
  const give = (): void => {
    taken -= 1;
    line.shift()?.();
  };
  return async () => {
    if (taken >= most) await new Promise<void>((resolve) => line.push(resolve));
    taken += 1;
    return give;
  };
}
