import { hasEnded } from '../../shared/coverage/batch-book.ts';
import type { Batch, BatchAction } from '../../shared/scale/batches.ts';
import { CommandFailure } from '../failure.ts';

/** What Scale's pages say of an action. */
interface Rule {
  readonly participle: string;
  readonly isAllowed: (status: string) => boolean;
  /** Which batches it is for, in words. */
  readonly onlyFor: string;
  /** Statuses that show that it has happened, the usual one first. */
  readonly reached: readonly [string, ...string[]];
  /** Scale accepts it and does it a little later. */
  readonly isAsynchronous: boolean;
}

/** An order in which help and hints list them, too. */
export const batchRules: Readonly<Record<BatchAction, Rule>> = {
  finalize: {
    participle: 'finalized',
    isAllowed: (status) => status === 'staging',
    onlyFor: 'a batch in staging',
    // Once it runs it may complete at once, or be paused by somebody else.
    reached: ['in_progress', 'completed', 'paused'],
    isAsynchronous: false,
  },
  pause: {
    participle: 'paused',
    isAllowed: (status) => status === 'in_progress',
    onlyFor: 'a batch in progress',
    reached: ['paused'],
    isAsynchronous: true,
  },
  resume: {
    participle: 'resumed',
    isAllowed: (status) => status === 'paused',
    onlyFor: 'a paused batch',
    reached: ['in_progress', 'completed'],
    isAsynchronous: true,
  },
  cancel: {
    participle: 'cancelled',
    isAllowed: (status) => !hasEnded({ status }),
    onlyFor: 'a batch that is neither completed nor cancelled',
    reached: ['cancelled', 'canceled'],
    isAsynchronous: true,
  },
};

const ACTIONS = ['finalize', 'pause', 'resume', 'cancel'] as const;

/** Fails with an explanation where the status of a batch does not allow an action. */
export function requireAllowed(action: BatchAction, batch: Batch): void {
  const { isAllowed, reached, participle, onlyFor } = batchRules[action];
  if (isAllowed(batch.status)) return;
  const isThere = reached[0] === batch.status;
  const only = `only ${onlyFor} can be ${participle}`;
  const message = `${nameOf(batch)} is ${isThere ? 'already ' : ''}${batch.status}: ${only}`;
  throw new CommandFailure('wrong-status', message, { hint: whatCanBeDone(batch.status) });
}

function whatCanBeDone(status: string): string {
  const possible = ACTIONS.filter((action) => batchRules[action].isAllowed(status));
  return possible.length === 0
    ? `a batch that is ${status} cannot be changed any more`
    : `what can be done with it now: ${possible.join(', ')}`;
}

/** A batch in a sentence. */
export function nameOf({ id, name }: Pick<Batch, 'id' | 'name'>): string {
  return `batch "${name}" (${id})`;
}
