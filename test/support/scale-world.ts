import type { Shape } from '../../shared/tasks/head.ts';

/** What may happen to a task at Scale. */
export type Change =
  | 'complete'
  | 'accept'
  | 'fix'
  | 'fix without a time'
  | 'recall, keeping the response'
  | 'recall, dropping the response'
  | 'undo the recall'
  | 'cancel'
  | 'fail';

/** A task's state in Scale's own system, from `since` (true time) until the next one. */
export interface WorldState {
  readonly since: number;
  readonly status: string;
  readonly answer?: number | undefined;
  /** On Scale's clock. */
  readonly completedAt?: number | undefined;
  readonly updatedAt: number;
  readonly review?: { readonly status: string; readonly at?: number | undefined } | undefined;
  /** What a recall took away. */
  readonly before?: WorldState | undefined;
}

export interface WorldTraits {
  /** Scale's clock less ours. */
  readonly skewMs: number;
  /** Whether v1 documents of this account carry `updated_at`. */
  readonly showsUpdatedAt: boolean;
}

export const TASK_ID = 'task-1';

/** One task of Scale's, its states in order of time; what does not apply to a state is ignored. */
export function createWorld(traits: WorldTraits, createdAt: number) {
  const own = (at: number): number => at + traits.skewMs;
  const first: WorldState = { since: createdAt, status: 'pending', updatedAt: own(createdAt) };
  const states: WorldState[] = [first];
  const latest = (): WorldState => states.at(-1) ?? first;
  let answers = 0;

  return {
    states,
    latest,
    /** The state at a time; a read that lags shows an older one. */
    at: (time: number): WorldState | undefined => states.findLast(({ since }) => since <= time),
    /** Lets something happen; answers the new state, or `undefined` where it cannot happen now. */
    change: (change: Change, at: number): WorldState | undefined => {
      const next = after(latest(), change, own(at), () => (answers += 1));
      if (next === undefined) return undefined;
      const state = { ...next, since: at, updatedAt: own(at) };
      states.push(state);
      return state;
    },
    document: (state: WorldState, shape: Shape): Record<string, unknown> =>
      shape === 'v1'
        ? v1Document(state, own(createdAt), traits)
        : v2Document(state, own(createdAt)),
  };
}

type NextState = Omit<WorldState, 'since' | 'updatedAt'>;

function after(
  state: WorldState,
  change: Change,
  now: number,
  nextAnswer: () => number,
): NextState | undefined {
  const isPending = state.status === 'pending';
  const isCompleted = state.status === 'completed';
  switch (change) {
    case 'complete':
      return isPending
        ? { status: 'completed', answer: nextAnswer(), completedAt: now }
        : undefined;
    case 'accept':
      return isCompleted ? { ...state, review: { status: 'accepted', at: now } } : undefined;
    case 'fix':
      return isCompleted
        ? { ...state, answer: nextAnswer(), review: { status: 'fixed', at: now } }
        : undefined;
    case 'fix without a time':
      return isCompleted
        ? { ...state, answer: nextAnswer(), review: { status: 'fixed' } }
        : undefined;
    case 'recall, keeping the response':
      return isCompleted ? { ...state, status: 'pending', before: state } : undefined;
    case 'recall, dropping the response':
      return isCompleted ? { status: 'pending', before: state } : undefined;
    case 'undo the recall':
      return state.before && isPending ? state.before : undefined;
    case 'cancel':
      return isPending ? { status: 'canceled' } : undefined;
    case 'fail':
      return isPending ? { status: 'error' } : undefined;
  }
}

function v1Document(
  state: WorldState,
  createdAt: number,
  { showsUpdatedAt }: WorldTraits,
): Record<string, unknown> {
  const { status, answer, completedAt, updatedAt, review } = state;
  return {
    task_id: TASK_ID,
    created_at: iso(createdAt),
    ...(completedAt !== undefined && { completed_at: iso(completedAt) }),
    ...(showsUpdatedAt && { updated_at: iso(updatedAt) }),
    type: 'categorization',
    status,
    project: 'Street scenes',
    ...(answer !== undefined && { response: { answer } }),
    ...(review && {
      customer_review_status: review.status,
      audits: [
        {
          audit_result: review.status,
          ...(review.at !== undefined && { audited_at: iso(review.at) }),
        },
      ],
    }),
  };
}

function v2Document(state: WorldState, createdAt: number): Record<string, unknown> {
  const { status, answer, completedAt } = state;
  const isShown = status === 'completed';
  return {
    task_id: TASK_ID,
    project: { id: 'project_1', name: 'Street scenes' },
    status,
    created_at: iso(createdAt),
    ...(isShown && completedAt !== undefined && { completed_at: iso(completedAt) }),
    threads: isShown
      ? [{ id: 'thread_0', turns: [], annotations: [{ key: 'answer', value: answer }] }]
      : [],
  };
}

function iso(time: number): string {
  return new Date(time).toISOString();
}
