import { ScaleRefusedError, ScaleUnavailableError } from '../../shared/scale/errors.ts';
import { CommandFailure } from '../failure.ts';
import type { ScaleAccess } from '../target.ts';

/** Any error of a batch command as one that says what is wrong and what to do. */
export function toFailure(
  error: unknown,
  { keyAdvice, scaleUrl }: Pick<ScaleAccess, 'keyAdvice' | 'scaleUrl'>,
): CommandFailure {
  if (error instanceof CommandFailure) return error;
  if (error instanceof ScaleRefusedError) return refusal(error, keyAdvice);
  if (error instanceof ScaleUnavailableError) return unavailability(error, scaleUrl);
  const message = error instanceof Error ? error.message : String(error);
  return new CommandFailure('failed', `unexpected: ${message}`, { cause: error });
}

function refusal(error: ScaleRefusedError, keyAdvice: string): CommandFailure {
  const { message, isUnauthorized, status } = error;
  if (isUnauthorized) {
    return new CommandFailure('unauthorized', message, { hint: keyAdvice, cause: error });
  }
  const code = status === 404 ? 'not-found' : 'refused';
  return new CommandFailure(code, message, { hint: 'nothing has been changed', cause: error });
}

/** Only what has certainly changed nothing ends so: what is in doubt is looked at. */
function unavailability(error: ScaleUnavailableError, scaleUrl: string): CommandFailure {
  const { message, retryAfterMs, trouble } = error;
  const wait = Math.ceil((retryAfterMs ?? 0) / 1_000);
  const when = wait === 0 ? 'try again later' : `Scale asks to try again in ${String(wait)} s`;
  const isElsewhere = trouble === 'unreachable' || trouble === 'broken';
  const hint = isElsewhere ? `is ${scaleUrl} right (SCALE_API_URL)? Else ${when}` : when;
  return new CommandFailure('unavailable', message, {
    hint: `nothing has been changed; ${hint}`,
    cause: error,
  });
}
