import type { AccountBook } from '../../shared/coverage/mirror-state.ts';
import type { Clock } from '../../shared/platform/clock.ts';
import { toIso } from '../../shared/platform/iso.ts';
import { errorName, type Log } from '../../shared/platform/log.ts';
import { ScaleRefusedError } from '../../shared/scale/errors.ts';
import type { ScaleApi } from '../../shared/scale/scale-api.ts';

export interface V1AccessDependencies {
  readonly api: Pick<ScaleApi, 'listV1Tasks'>;
  readonly mirrorState: AccountBook;
  readonly clock: Clock;
  readonly log: Log;
}

/** What is known of v1's list of changed tasks. */
export interface V1Access {
  /** Whether it can be asked what has changed. Tried once a day, never assumed. */
  readonly tellsChanges: () => Promise<boolean>;
  /** It turned out not to: it is not asked for a day. */
  readonly isOfNoUse: (reason: string) => Promise<void>;
}

const TRY_AGAIN_MS = 24 * 60 * 60_000;

/** No task was updated after that. An API that shows one all the same does not know the filter. */
const FAR_AHEAD_MS = 365 * TRY_AGAIN_MS;

export function createV1Access({ api, mirrorState, clock, log }: V1AccessDependencies): V1Access {
  const note = async (answers: boolean, reason: string): Promise<boolean> => {
    const checkedAt = clock.now();
    await mirrorState.putV1({ answers, reason, checkedAt });
    log.info('v1 was asked what has changed', { answers, reason });
    return answers;
  };
  return {
    tellsChanges: async () => {
      const known = await mirrorState.getV1();
      if (known !== undefined && clock.now() - known.checkedAt < TRY_AGAIN_MS) return known.answers;
      try {
        const updated_after = toIso(clock.now() + FAR_AHEAD_MS);
        // One try: the walks wait for it, and the next run tries again.
        const { count } = await api.listV1Tasks({ updated_after, limit: 1 }, undefined, true);
        return await note(count === 0, count === 0 ? 'it answers' : 'it ignores updated_after');
      } catch (error) {
        if (error instanceof ScaleRefusedError) return note(false, error.plainMessage);
        log.warn('v1 could not be asked what has changed', { error: errorName(error) });
        return false;
      }
    },
    isOfNoUse: async (reason) => {
      await note(false, reason);
    },
  };
}
