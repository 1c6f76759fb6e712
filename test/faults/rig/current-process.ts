import { AsyncLocalStorage } from 'node:async_hooks';

import type { Gate } from './gate.ts';

/** What a call of the mirror meets on its way out; runs go on side by side and share the clients. */
interface Process {
  readonly gate: Gate;
  readonly onDelay: (seconds: number) => void;
}

const processes = new AsyncLocalStorage<Process>();

export function inProcess<Result>(process: Process, run: () => Promise<Result>): Promise<Result> {
  return processes.run(process, run);
}

export function currentProcess(): Process {
  const process = processes.getStore();
  if (process === undefined) throw new Error('called by nobody');
  return process;
}
