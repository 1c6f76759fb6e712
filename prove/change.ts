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
  const edited = editedState(state, change, fresh);
  if (edited !== undefined) return edited;
  if (state.status === 'pending') return afterPending(state, change, now, fresh);
  return state.status === 'completed' ? afterCompleted(state, change, now, fresh) : undefined;
}

function editedState(state: WorldState, change: Change, fresh: number): NextState | undefined {
  switch (change) {
    case 'delete':
      return { ...state, isDeleted: true };
    case 'edit the metadata':
      return { ...state, metadata: fresh };
    case 'change unique_id':
      return { ...state, uniqueId: fresh };
    case 'move to another batch':
      return { ...state, batch: state.batch === 0 ? 1 : 0 };
    default:
      return undefined;
  }
}

function afterPending(
  state: WorldState,
  change: Change,
  now: number,
  fresh: number,
): NextState | undefined {
  const { metadata, uniqueId, batch, isDeleted } = state;
  const kept = { metadata, uniqueId, batch, isDeleted };
  if (change === 'cancel') return { ...kept, status: 'canceled' };
  if (change === 'fail') return { ...kept, status: 'error' };
  if (change === 'undo the recall' && state.before) return { ...state.before, ...kept };
  return { ...kept, status: 'completed', answer: fresh, completedAt: now };
}

function afterCompleted(
  state: WorldState,
  change: Change,
  now: number,
  fresh: number,
): NextState | undefined {
  const recalled = { ...state, status: 'pending', review: undefined, before: state };
  switch (change) {
    case 'accept':
      return { ...state, review: { status: 'accepted', at: now } };
    case 'accept without a time':
      return { ...state, review: { status: 'accepted' } };
    case 'reject':
      return { ...state, review: { status: 'rejected', at: now } };
    case 'fix':
      return { ...state, answer: fresh, review: { status: 'fixed', at: now } };
    case 'fix without a time':
      return { ...state, answer: fresh, review: { status: 'fixed' } };
    case 'recall, keeping all':
      return { ...recalled, review: state.review };
    case 'recall, keeping the response':
      return { ...recalled, completedAt: undefined };
    case 'recall, keeping completed_at':
      return { ...recalled, answer: undefined };
    case 'recall, dropping both':
      return { ...recalled, answer: undefined, completedAt: undefined };
    default:
      return undefined;
  }
}
