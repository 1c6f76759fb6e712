import type { WorkerDependencies } from '../functions/worker/dependencies.ts';
import { createWorker } from '../functions/worker/worker.ts';
import type { TaskTable } from '../shared/tasks/task-table.ts';
import type { PlayClock } from './clock.ts';
import type { History } from './history.ts';
import { createInterleaving, type Interleaving, type PortCall, type Run } from './interleaving.ts';
import type { PlayQueue, QueuedMessage } from './play-queue.ts';
import { keptNowhere } from './ports/kept-nowhere.ts';
import { SETTLE_MS, SKEW_MS } from './settings.ts';
import { sqsRecord } from './sqs-record.ts';

/** The ports of the workers of one history. */
export interface MirrorPorts {
  readonly clock: PlayClock;
  readonly taskTable: TaskTable;
  readonly queue: PlayQueue;
  readonly directory: WorkerDependencies['directory'];
  readonly scale: WorkerDependencies['scale'];
  readonly note: (what: string) => void;
  /** Called whenever the clock may have moved. */
  readonly onTime: () => Promise<void>;
}

export interface Mirror {
  /** Works until the queue is empty. False where it does not run empty. */
  drain(): Promise<boolean>;
}

/** Far more than any history needs: a message that is put back for ever is a failure. */
const MOST_STEPS = 4_000;

const BATCH = 10;

/** One or two real workers on one queue, that go on, fail and die as a history says. */
export function createMirror(history: History, ports: MirrorPorts): Mirror {
  const { clock, queue, note } = ports;
  const { faults, callsTakeMs } = history;
  const interleaving = createInterleaving({ clock, faults, callsTakeMs, note });
  const workers = callsTakeMs === undefined ? 1 : 2;
  const running = new Map<string, Promise<void>>();

  const start = (messages: readonly QueuedMessage[]): Promise<void> => {
    const name = running.has('worker A') ? 'worker B' : 'worker A';
    const run = interleaving.begin(name);
    for (const { what } of messages) note(`${name} receives ${what}`);
    const done = work(run, messages).then(() => {
      running.delete(name);
    });
    running.set(name, done);
    return done;
  };

  const work = async (run: Run, messages: readonly QueuedMessage[]): Promise<void> => {
    const worker = createWorker(dependenciesOf(ports, run, interleaving));
    const records = messages.map(({ message }, index) => sqsRecord(message, String(index)));
    const result = await Promise.race([worker(records), run.death]);
    const failed = new Set(result?.batchItemFailures.map((one) => one.itemIdentifier));
    queue.settle(messages, (index) => result === undefined || failed.has(String(index)));
  };

  return {
    drain: async () => {
      for (let step = 0; step < MOST_STEPS; step += 1) {
        const messageAt = running.size < workers ? queue.nextAt() : Infinity;
        if (running.size === 0 && messageAt === Infinity) return true;
        if (interleaving.nextAt() <= Math.max(messageAt, clock.now())) {
          await interleaving.step();
          continue;
        }
        clock.reach(messageAt);
        await ports.onTime();
        const done = start(queue.receive(workers === 1 ? BATCH : 1));
        await (workers === 1 ? done : interleaving.quiet());
      }
      return false;
    },
  };
}

/** The worker's ports, each call of which is a turn of this run. */
function dependenciesOf(
  ports: MirrorPorts,
  run: Run,
  interleaving: Interleaving,
): WorkerDependencies {
  const { clock, taskTable: table, queue, directory, note } = ports;
  const call = <Result>(port: PortCall<Result>) => interleaving.call(run, port);
  return {
    taskTable: {
      getHeads: (ids) => call({ name: 'getHeads', make: () => table.getHeads(ids) }),
      putDocument: (one) => call({ name: 'putDocument', make: () => table.putDocument(one) }),
      getDocument: (id, record) =>
        call({ name: 'getDocument', make: () => table.getDocument(id, record) }),
      getHistory: (head) => call({ name: 'getHistory', make: () => table.getHistory(head) }),
      removeDocument: (id, record) =>
        call({ name: 'removeDocument', make: () => table.removeDocument(id, record) }),
      expireDocument: (id, record, at) =>
        call({ name: 'expireDocument', make: () => table.expireDocument(id, record, at) }),
      putHead: (head) => call({ name: 'putHead', make: () => table.putHead(head), lost: 'lost' }),
    },
    taskQueue: {
      send: (message, seconds) => call({ name: 'send', make: () => queue.send(message, seconds) }),
      sendAll: (all) => call({ name: 'sendAll', make: () => queue.sendAll(all) }),
    },
    // Here a failed message comes back for ever.
    deadLetters: { queue: { send: () => Promise.resolve() }, afterTries: Infinity },
    scale: async () => {
      const scale = await ports.scale();
      if (scale === undefined) return undefined;
      const getTask: typeof scale.api.getTask = (id, shape) =>
        call({ name: 'getTask', make: () => scale.api.getTask(id, shape) });
      return { ...scale, api: { ...scale.api, getTask } };
    },
    bodies: keptNowhere,
    directory,
    batchBook: { put: () => Promise.resolve() },
    order: { settleMs: SETTLE_MS, skewMs: SKEW_MS },
    historyMs: undefined,
    clock,
    metrics: {
      count: (name) => {
        note(`${run.name}: ${name}`);
      },
      seconds: () => undefined,
      countBy: () => undefined,
    },
    log: { info: () => undefined, warn: () => undefined, error: () => undefined },
  };
}
