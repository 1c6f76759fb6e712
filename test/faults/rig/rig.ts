import type { WireMessage } from '../../../shared/queue/task-message.ts';
import { type FakeClock, fakeClock } from '../../support/fake-clock.ts';
import type { AllClients } from './clients.ts';
import { faultyFetch, type ScaleAnswers } from './faulty-fetch.ts';
import { createGate, type Down, type Gate, type Plan } from './gate.ts';
import { createHost } from './host.ts';
import { backfill, drain, post, reconcile, sweep, type World } from './life.ts';
import { createFunctions, createStores, type ProcessSettings } from './process.ts';
import { createResources, type Resources } from './resources.ts';
import { danglingPointers } from './state.ts';

export interface RigSettings extends Pick<ProcessSettings, 'sources' | 'hasKey' | 'fields'> {
  readonly answers: ScaleAnswers;
  /** An operation that fails all the time, until {@link Rig.recover}. */
  readonly down?: Down;
}

/** The mirror with real adapters on stores of its own, of which any call can fail. */
export interface Rig {
  readonly resources: Resources;
  readonly clock: FakeClock;
  /** Ends what was arranged: from here on calls are recorded, and fail by the plan. */
  readonly arm: () => void;
  /** Of the process that the plan was made for. */
  readonly gate: Gate;
  /** Invocations that failed, wholly or for some message. */
  readonly failures: () => number;
  /** What must never be, found after an invocation that met a fault. */
  readonly problems: string[];
  /** Posts a callback as Scale does: again, until it is answered 200. */
  post(body: string | Uint8Array): Promise<void>;
  /** Has the worker work until the queue is empty. */
  drain(): Promise<void>;
  /** Runs backfill at its times, and the worker behind it, until every walk is at its end. */
  backfill(): Promise<void>;
  /** A run of backfill that has time for so many pages. */
  beginBackfill(pages: number): Promise<void>;
  /** Calls reconcile until it has compared everything. */
  reconcile(): Promise<void>;
  sweep(): Promise<void>;
  /** Sends messages as others have sent them. */
  send(...messages: readonly WireMessage[]): Promise<void>;
  recover(): void;
  /** The mirror's stores, by clients that nothing happens to. */
  readonly stores: ReturnType<typeof createStores>;
}

export async function createRig(all: AllClients, settings: RigSettings, plan?: Plan): Promise<Rig> {
  const { plain } = all;
  const resources = await createResources(plain);
  const clock = fakeClock(Date.now());
  const gate = createGate(plan, settings.down);
  const stores = createStores(plain, resources, clock);
  const host = createHost(gate, {
    start: () =>
      createFunctions({
        ...{ ...settings, ...all, resources, clock },
        scaleFetch: faultyFetch(settings.answers),
      }),
    look: () => danglingPointers(plain, resources),
  });
  const { state, invoke } = host;
  const world: World = { plain, resources, clock, state, invoke };
  const calmDrain = () => host.calmly(() => drain(world));
  return {
    ...{ resources, clock, gate, stores, arm: host.arm, problems: state.problems },
    failures: () => state.failures,
    recover: () => {
      gate.recover();
    },
    send: (...messages) => stores.taskQueue.sendAll(messages),
    post: (body) => post(world, body),
    drain: () => drain(world),
    backfill: () => backfill(world, calmDrain),
    beginBackfill: async (pages) => {
      let left = pages;
      await invoke((one) => one.backfill(() => (left-- > 0 ? 900_000 : 0), { isFull: false }));
      await drain(world);
    },
    reconcile: () => reconcile(world),
    sweep: () => sweep(world, calmDrain),
  };
}
