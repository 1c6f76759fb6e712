import type { WireMessage } from '../../../shared/queue/task-message.ts';
import { type FakeClock, fakeClock } from '../../support/fake-clock.ts';
import type { AllClients } from './clients.ts';
import { inProcess } from './current-process.ts';
import { faultyFetch, type ScaleAnswers } from './faulty-fetch.ts';
import { createGate, type Gate, type Plan } from './gate.ts';
import { backfill, drain, type Invoke, post, sweep, type World } from './life.ts';
import { createFunctions, createStores, type Functions, type ProcessSettings } from './process.ts';
import { createResources, type Resources } from './resources.ts';
import { danglingPointers } from './state.ts';

export interface RigSettings extends Pick<ProcessSettings, 'sources' | 'hasKey'> {
  readonly answers: ScaleAnswers;
  /** An operation that fails all the time, until {@link Rig.recover}. */
  readonly down?: string;
}

/** The mirror with real adapters on stores of its own, of which any call can fail. */
export interface Rig {
  readonly resources: Resources;
  readonly clock: FakeClock;
  /** Ends what was arranged: from here on calls are recorded, and fail by the plan. */
  arm(): void;
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
  const state = { failures: 0, longestDelayMs: 0, problems: [] as string[] };

  const onDelay = (seconds: number): void => {
    state.longestDelayMs = Math.max(state.longestDelayMs, seconds * 1_000);
  };
  const start = (): Functions =>
    createFunctions({
      ...{ ...settings, ...all, resources, clock },
      scaleFetch: faultyFetch(settings.answers),
    });
  const gate = createGate(plan, settings.down);
  const calm = { gate: createGate(), onDelay };
  let process = calm;
  let functions = start();

  /** One invocation. A process that has died in it says nothing, and another one is started. */
  const invoke: Invoke = async (run) => {
    const hitsBefore = gate.hits();
    const isPlanned = process.gate === gate;
    let result: Awaited<ReturnType<typeof run>> | undefined;
    try {
      result = await inProcess(process, () => run(functions));
    } catch {
      state.failures += 1;
    }
    if (gate.hits() > hitsBefore) state.problems.push(...(await danglingPointers(plain, resources)));
    process.gate.endInvocation();
    if (!isPlanned || !gate.hasCrashed()) return result;
    process = calm;
    functions = start();
    return undefined;
  };

  /** A worker beside what is looked at: nothing happens to it. */
  const calmly = async (run: () => Promise<void>): Promise<void> => {
    const [held, heldFunctions] = [process, functions];
    [process, functions] = [calm, start()];
    await run();
    [process, functions] = [held, heldFunctions];
  };

  const world: World = { plain, resources, clock, state, invoke };
  return {
    resources,
    clock,
    gate,
    stores: createStores(plain, resources, clock),
    failures: () => state.failures,
    problems: state.problems,
    arm: () => {
      state.failures = 0;
      process = { gate, onDelay };
      functions = start();
    },
    recover: gate.recover,
    send: (...messages) =>
      createStores(plain, resources, clock).taskQueue.sendAll(messages),
    post: (body) => post(world, body),
    drain: () => drain(world),
    backfill: () => backfill(world, () => calmly(() => drain(world))),
    beginBackfill: async (pages) => {
      let left = pages;
      await invoke((one) => one.backfill(() => (left-- > 0 ? 900_000 : 0), { isFull: false }));
      await drain(world);
    },
    sweep: () => sweep(world, () => calmly(() => drain(world))),
  };
}
