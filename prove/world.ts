import type { Shape } from '../shared/tasks/head.ts';
import { type Change, stateAfter, type WorldState } from './change.ts';
import { type Document, documentOf } from './documents.ts';
import { START } from './settings.ts';

/** How Scale is in a history, from its beginning to its end. */
export interface Traits {
  /** Scale's clock less ours. */
  readonly skewMs: number;
  /** Whether v1 documents carry `updated_at`. */
  readonly showsUpdatedAt: boolean;
  /** Which API answers for the task; the other one says 404. */
  readonly knownTo: 'both' | Shape;
  readonly callbackShape: Shape;
  /** Whether v2 says `deleted` of a deleted task, and not 404. */
  readonly showsDeleted: boolean;
}

/** Everyday traits: a v1 account whose documents say when they changed. */
export const PLAIN_TRAITS: Traits = {
  skewMs: 0,
  showsUpdatedAt: true,
  knownTo: 'both',
  callbackShape: 'v1',
  showsDeleted: false,
};

export type World = ReturnType<typeof createWorld>;

const PROJECT_ID = 'project_1';
const BATCH_IDS = ['batch_1', 'batch_2'] as const;

/** One task of Scale's: its states in the order of time, and what its project and batches are called. */
export function createWorld(traits: Traits, taskId: string) {
  const own = (at: number): number => at + traits.skewMs;
  const first: WorldState = {
    ...{ since: START, change: 'create', status: 'pending', updatedAt: own(START) },
    ...{ metadata: 0, uniqueId: 0, batch: 0, isDeleted: false },
  };
  const states: WorldState[] = [first];
  const names = createNames();
  let fresh = 0;
  const latest = (): WorldState => states.at(-1) ?? first;

  const document = (state: WorldState, shape: Shape, at: number): Document => {
    const entity = (id: string) => ({ id, name: names.at(id, at) });
    return documentOf(state, shape, {
      ...{ taskId, createdAt: own(START), madeAt: at, showsUpdatedAt: traits.showsUpdatedAt },
      ...{ project: entity(PROJECT_ID), batch: entity(BATCH_IDS[state.batch]) },
    });
  };

  return {
    traits,
    taskId,
    states,
    latest,
    document,
    /** The state at a time; a read that lags shows an older one. */
    at: (time: number): WorldState | undefined => states.findLast(({ since }) => since <= time),
    /** Lets something happen; answers the new state, or `undefined` where it cannot happen now. */
    change: (change: Change, at: number): WorldState | undefined => {
      fresh += 1;
      if (change === 'rename the project' || change === 'rename the batch') {
        const id = change === 'rename the project' ? PROJECT_ID : BATCH_IDS[latest().batch];
        names.rename(id, `${id} renamed ${fresh}`, at);
        return undefined;
      }
      const next = stateAfter(latest(), change, own(at), fresh);
      if (next === undefined) return undefined;
      const state = { ...next, change, since: at, updatedAt: own(at) };
      states.push(state);
      return state;
    },
    /** What a read of one API shows of the time `at`; `undefined` for 404. */
    read: (shape: Shape, at: number): Document | undefined => {
      const state = states.findLast(({ since }) => since <= at);
      if (state === undefined) return undefined;
      if (traits.knownTo !== 'both' && traits.knownTo !== shape) return undefined;
      const isGone = state.isDeleted && !(shape === 'v2' && traits.showsDeleted);
      return isGone ? undefined : document(state, shape, at);
    },
  };
}

/** What is called how since when. No name is ever given twice. */
function createNames() {
  const named = [PROJECT_ID, ...BATCH_IDS].map((id) => ({ id, name: `${id} first`, since: 0 }));
  return {
    at: (id: string, time: number): string =>
      named.findLast((one) => one.id === id && one.since <= time)?.name ?? id,
    rename: (id: string, name: string, since: number): void => {
      named.push({ id, name, since });
    },
  };
}
