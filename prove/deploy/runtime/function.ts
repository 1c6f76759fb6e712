import PQueue from 'p-queue';

import type { RuntimeSettings } from './runtime-process.ts';
import { type Sandbox, startSandbox } from './sandbox.ts';

/** A deployed function, run here. */
export interface RunningFunction {
  invoke(event: unknown): Promise<unknown>;
  readonly stop: () => Promise<void>;
}

/** Environments at once; each is a process. */
const MOST_SANDBOXES = 2;

/** Starts an environment when there is none that is free, and uses it again, as Lambda does. */
export function runFunction(settings: RuntimeSettings): RunningFunction {
  const turns = new PQueue({ concurrency: MOST_SANDBOXES });
  const all = new Set<Sandbox>();
  const free: Sandbox[] = [];
  let isStopped = false;

  const take = async (): Promise<Sandbox> => {
    for (let one = free.pop(); one !== undefined; one = free.pop()) {
      if (one.isAlive()) return one;
    }
    const started = await startSandbox(settings);
    all.add(started);
    if (!isStopped) return started;
    await started.stop();
    throw new Error('the function was stopped');
  };
  return {
    invoke: (event) =>
      turns.add(async () => {
        const sandbox = await take();
        try {
          return await sandbox.invoke(event);
        } finally {
          free.push(sandbox);
        }
      }),
    stop: async () => {
      isStopped = true;
      turns.clear();
      await Promise.all([...all].map((one) => one.stop()));
    },
  };
}
