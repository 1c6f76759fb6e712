import type { Sleep } from '../../shared/platform/clock.ts';
import {
  ScaleOutcomeUnknownError,
  ScaleRefusedError,
  ScaleUnavailableError,
} from '../../shared/scale/errors.ts';
import type { CallbacksApi } from '../../shared/scale/callbacks.ts';

export interface SendOneDependencies {
  readonly api: Pick<CallbacksApi, 'sendCallback'>;
  readonly sleep: Sleep;
  readonly tell: (line: string) => void;
  readonly interrupted: AbortSignal;
}

/**
 * - `sent`: Scale has taken it
 * - `refused`: Scale said no, and will again
 * - `not sent`: Scale was too busy or could not be reached, as often as it was asked
 * - `in doubt`: no clear answer came; Scale may have sent it
 */
export interface SendEnd {
  readonly outcome: 'sent' | 'refused' | 'not sent' | 'in doubt';
  readonly reason?: string | undefined;
}

/** Beside the client's own tries, which answer for a short trouble. */
const MOST_TRIES = 5;
const FIRST_WAIT_MS = 2_000;
const LONGEST_WAIT_MS = 15 * 60_000;

/**
 * Asks Scale to send one callback again. What is in doubt is asked for again: a callback that comes twice harms
 * nobody, one that never comes does. A key that is refused is thrown.
 */
export async function sendOne(
  { api, sleep, tell, interrupted }: SendOneDependencies,
  taskId: string,
): Promise<SendEnd> {
  let isInDoubt = false;
  for (let tries = 1; ; tries += 1) {
    try {
      await api.sendCallback(taskId);
      return { outcome: 'sent' };
    } catch (error) {
      if (error instanceof ScaleRefusedError && !error.isUnauthorized) {
        return { outcome: isInDoubt ? 'in doubt' : 'refused', reason: error.message };
      }
      isInDoubt ||= error instanceof ScaleOutcomeUnknownError;
      const waitMs = waitAfter(error, tries);
      if (tries === MOST_TRIES || interrupted.aborted || waitMs > LONGEST_WAIT_MS) {
        const reason = error instanceof Error ? error.message : String(error);
        return { outcome: isInDoubt ? 'in doubt' : 'not sent', reason };
      }
      if (waitMs > FIRST_WAIT_MS) tell(`Scale is busy. Waiting ${String(waitMs / 1_000)} s ...`);
      await sleep(waitMs);
    }
  }
}

/** What Scale asks for, else longer each time. Errors that no waiting helps are thrown. */
function waitAfter(error: unknown, tries: number): number {
  const usual = FIRST_WAIT_MS * 2 ** (tries - 1);
  if (error instanceof ScaleUnavailableError) return error.retryAfterMs ?? usual;
  if (error instanceof ScaleOutcomeUnknownError) return usual;
  throw error;
}
