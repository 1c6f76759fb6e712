/** What may happen to a task at Scale. */
export type Change =
  | 'complete'
  | 'accept'
  | 'accept without a time'
  | 'reject'
  | 'fix'
  | 'fix without a time'
  | 'recall, keeping all'
  | 'recall, keeping the response'
  | 'recall, keeping completed_at'
  | 'recall, dropping both'
  | 'undo the recall'
  | 'cancel'
  | 'fail'
  | 'delete'
  | 'edit the metadata'
  | 'change unique_id'
  | 'move to another batch'
  | 'rename the batch'
  | 'rename the project';

/** Scale posts no callback for these (reference: absence on the vendor's page "Callbacks"). */
const unannounced: readonly Change[] = [
  'delete',
  'edit the metadata',
  'change unique_id',
  'move to another batch',
  'rename the batch',
  'rename the project',
];

export function isAnnounced(change: Change): boolean {
  return !unannounced.includes(change);
}

/** A task's state in Scale's own system, from `since` (true time) until the next one. */
export interface WorldState {
  readonly since: number;
  readonly change: Change | 'create';
  readonly status: string;
  readonly answer?: number | undefined;
  /** On Scale's clock, as all times but `since`. */
  readonly completedAt?: number | undefined;
  readonly updatedAt: number;
  readonly review?: { readonly status: string; readonly at?: number | undefined } | undefined;
  readonly metadata: number;
  readonly uniqueId: number;
  /** Which of the two batches it is in. */
  readonly batch: 0 | 1;
  readonly isDeleted: boolean;
  /** What a recall took away. */
  readonly before?: WorldState | undefined;
}

type NextState = Omit<WorldState, 'since' | 'change' | 'updatedAt'>;

/** What of a state a change replaces. `now` is Scale's clock; `fresh` was never used before. */
type Effect = (state: WorldState, now: number, fresh: number) => Partial<NextState>;

const edits: Partial<Record<Change, Effect>> = {
  delete: () => ({ isDeleted: true }),
  'edit the metadata': (_state, _now, metadata) => ({ metadata }),
  'change unique_id': (_state, _now, uniqueId) => ({ uniqueId }),
  'move to another batch': ({ batch }) => ({ batch: batch === 0 ? 1 : 0 }),
};

const dropped = { answer: undefined, completedAt: undefined, review: undefined };

const complete: Effect = (_state, completedAt, answer) => ({
  ...{ ...dropped, before: undefined, status: 'completed', completedAt, answer },
});

const ofPending: Partial<Record<Change, Effect>> = {
  cancel: () => ({ ...dropped, status: 'canceled' }),
  fail: () => ({ ...dropped, status: 'error' }),
  'undo the recall': (state, now, fresh) => {
    if (state.before === undefined) return complete(state, now, fresh);
    const { status, answer, completedAt, review, before } = state.before;
    return { status, answer, completedAt, review, before };
  },
};

const recalled = (before: WorldState) => ({ status: 'pending', review: undefined, before });

const ofCompleted: Partial<Record<Change, Effect>> = {
  accept: (_state, at) => ({ review: { status: 'accepted', at } }),
  'accept without a time': () => ({ review: { status: 'accepted' } }),
  reject: (_state, at) => ({ review: { status: 'rejected', at } }),
  fix: (_state, at, answer) => ({ answer, review: { status: 'fixed', at } }),
  'fix without a time': (_state, _now, answer) => ({ answer, review: { status: 'fixed' } }),
  'recall, keeping all': (state) => ({ status: 'pending', before: state }),
  'recall, keeping the response': (state) => ({ ...recalled(state), completedAt: undefined }),
  'recall, keeping completed_at': (state) => ({ ...recalled(state), answer: undefined }),
  'recall, dropping both': (state) => ({ ...recalled(state), ...dropped }),
};

/**
 * The state after a change, `undefined` where it cannot happen now. What only a completed task can undergo
 * completes a pending one first, so that few steps of a random history come to nothing.
 */
export function stateAfter(
  state: WorldState,
  change: Change,
  now: number,
  fresh: number,
): NextState | undefined {
  if (state.isDeleted) return undefined;
  const effect = edits[change] ?? effectOn(state, change);
  return effect && { ...state, ...effect(state, now, fresh) };
}

function effectOn({ status }: WorldState, change: Change): Effect | undefined {
  if (status === 'pending') return ofPending[change] ?? complete;
  return status === 'completed' ? ofCompleted[change] : undefined;
}
