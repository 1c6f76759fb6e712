import { type BatchActions, createBatchActions } from './batch-actions.ts';
import { type Callbacks, createCallbacks } from './callbacks.ts';
import { createTurnableClock, type TurnableClock } from './clock.ts';
import { createIds } from './ids.ts';
import { createMisbehaviour, type Misbehaviour } from './misbehaviour.ts';
import type { Task } from './model.ts';
import { createOutbox, type Outbox } from './outbox.ts';
import { createPlaces, type Places } from './places.ts';
import { createPoster } from './poster.ts';
import { keepIn, type Keeping } from './keeping.ts';
import { notFound } from './scale-error.ts';
import type { Scenario, ScenarioInput } from './scenario.ts';
import type { Store } from './store.ts';
import { createTaskActions, type TaskActions } from './task-actions.ts';
import { createTaskCreation, type TaskCreation } from './task-creation.ts';
import { createViews, type Views } from './views.ts';
import { createWorld, type World } from './world.ts';

/** A Scale of one's own: what it holds, what can happen to it, and the callbacks it posts. */
export interface Simulator {
  readonly clock: TurnableClock;
  readonly world: World;
  readonly places: Places;
  readonly tasks: TaskCreation & TaskActions;
  readonly batches: BatchActions;
  readonly callbacks: Callbacks;
  readonly outbox: Outbox;
  readonly views: Views;
  readonly misbehaviour: Misbehaviour;
  /** The task as it truly is, whatever reads may show; throws a 404 where there is none. */
  readonly task: (taskId: string) => Task;
  readonly scenario: () => Scenario;
  /** Replaces how it misbehaves from now on; the dice begin anew from the seed. */
  readonly setScenario: (scenario: ScenarioInput) => void;
  readonly seed: number;
  readonly callbackUrl: () => string | undefined;
  /** The account's default, for tasks without a URL of their own. */
  readonly setCallbackUrl: (url: string | undefined) => void;
  /** Ends timers and POSTs, and writes what is not written yet. */
  readonly close: () => void;
}

export interface SimulatorSettings {
  /** A clock that ticks and can be turned, without it. */
  readonly clock?: TurnableClock;
  readonly seed?: number;
  readonly scenario?: ScenarioInput;
  readonly callbackUrl?: string | undefined;
  readonly callbackKey?: string;
  /** One POST of a callback; Scale's own limit is not documented. */
  readonly callbackTimeoutMs?: number;
  /** `false`: callbacks are made, but only go out when asked for. */
  readonly autoSend?: boolean;
  /** In memory without it. */
  readonly store?: Store | undefined;
  readonly fetch?: typeof fetch;
}

const CALLBACK_TIMEOUT_MS = 30_000;
const CALLBACK_KEY = 'local-callback-key';

/** What the parts of a simulator share. */
interface Common {
  readonly settings: SimulatorSettings;
  readonly clock: TurnableClock;
  readonly world: World;
  readonly views: Views;
  readonly misbehaviour: Misbehaviour;
  readonly keeping: Keeping;
  readonly closing: AbortSignal;
  readonly callbackUrl: () => string | undefined;
}

export function createSimulator(settings: SimulatorSettings = {}): Simulator {
  const { clock = createTurnableClock(), seed = 1 } = settings;
  const closing = new AbortController();
  let callbackUrl = settings.callbackUrl;
  const misbehaviour = createMisbehaviour(seed, settings.scenario ?? {});
  const { scenario } = misbehaviour;
  const keeping = keepIn(settings.store, clock);
  const world = createWorld(() => clock.now() + scenario().clockOffsetMs, keeping.listener);
  const common = {
    settings,
    clock,
    world,
    views: createViews(world),
    misbehaviour,
    keeping,
    closing: closing.signal,
    callbackUrl: () => callbackUrl,
  };
  const parts = createParts(common, seed);
  restore(keeping, world, parts);

  return {
    clock,
    world,
    views: common.views,
    misbehaviour,
    callbackUrl: common.callbackUrl,
    ...parts,
    task: (taskId) => {
      const task = world.tasks.get(taskId);
      if (task === undefined) throw notFound(`task ${taskId}`);
      return task;
    },
    scenario,
    setScenario: misbehaviour.replace,
    seed,
    setCallbackUrl: (url) => {
      callbackUrl = url;
    },
    close: () => {
      closing.abort();
      clock.stop();
      keeping.close();
    },
  };
}

type Parts = Pick<Simulator, 'places' | 'tasks' | 'batches' | 'callbacks' | 'outbox'>;

function createParts(common: Common, seed: number): Parts {
  const { clock, world, views, misbehaviour, keeping, settings } = common;
  const { scenario } = misbehaviour;
  const isTaken = (id: string) =>
    world.tasks.has(id) || world.projects.has(id) || world.batches.has(id);
  const ids = createIds(seed, () => clock.now(), isTaken);
  const places = createPlaces(world, ids);
  const outbox = createOutboxOf(common);
  const callbacks = createCallbacks({
    outbox,
    views,
    scenario,
    defaultUrl: common.callbackUrl,
    autoSend: settings.autoSend ?? true,
    onOriginals: keeping.originals,
  });
  const batches = createBatchActions({ world, clock, onCompleted: callbacks.batchCompleted });
  const actions = createTaskActions({
    world,
    scenario,
    random: misbehaviour.dice('tasks'),
    announce: callbacks.taskChanged,
    batchTouched: batches.completeIfDone,
  });
  const tasks = { ...createTaskCreation(world, places, ids), ...actions };
  return { places, tasks, batches, callbacks, outbox };
}

function createOutboxOf({
  settings,
  clock,
  world,
  misbehaviour,
  keeping,
  closing,
}: Common): Outbox {
  return createOutbox({
    clock,
    post: createPoster({
      callbackKey: settings.callbackKey ?? CALLBACK_KEY,
      timeoutMs: settings.callbackTimeoutMs ?? CALLBACK_TIMEOUT_MS,
      fetch: settings.fetch ?? fetch,
      signal: closing,
    }),
    random: misbehaviour.dice('callbacks'),
    scenario: misbehaviour.scenario,
    isClosed: () => closing.aborted,
    onOutcome: (taskId, callbackSucceeded) => {
      const task = world.tasks.get(taskId);
      if (task !== undefined) world.markTask(task, { callbackSucceeded });
    },
    onChange: keeping.delivery,
  });
}

/** Takes up what an earlier process has left. */
function restore(keeping: Keeping, world: World, { outbox, callbacks }: Parts): void {
  keeping.restore({
    project: world.putProject,
    batch: world.putBatch,
    task: world.addTask,
    delivery: outbox.resume,
    originals: (taskId, originals) => callbacks.originals.set(taskId, originals),
  });
}
