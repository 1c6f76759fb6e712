import { setImmediate } from 'node:timers/promises';

import type { PlayClock } from './clock.ts';
import type { Fault, Trouble } from './history.ts';

/** One running worker, as the calls of its ports see it. */
export interface Run {
  readonly name: string;
  isDead: boolean;
  /** Resolves when the worker dies. */
  readonly death: Promise<void>;
  readonly die: () => void;
}

/** A call of a port that waits for its turn. */
interface Waiting {
  readonly due: number;
  readonly go: () => void;
}

/** Decides, at each call of a port, which worker goes on and what goes wrong. */
export interface Interleaving {
  begin(name: string): Run;
  call<Result>(run: Run, port: PortCall<Result>): Promise<Result>;
  /** When the next waiting call is due; Infinity if none waits. */
  nextAt(): number;
  /** Lets the next waiting call go. */
  step(): Promise<void>;
  /** Resolves when every worker waits at a call, or is done. */
  quiet(): Promise<void>;
}

export interface PortCall<Result> {
  readonly name: string;
  readonly make: () => Promise<Result>;
  /** What the port answers if a retry within it meets its own first try. */
  readonly lost?: Result;
}

export interface InterleavingSettings {
  readonly clock: PlayClock;
  readonly faults: readonly Fault[];
  /** Used in turn; absent: calls take no time, and nobody waits. */
  readonly callsTakeMs?: readonly number[] | undefined;
  readonly note: (what: string) => void;
}

/** The call failed in a way that the worker knows nothing of. */
class PortError extends Error {
  override readonly name = 'PortError';
}

export function createInterleaving(settings: InterleavingSettings): Interleaving {
  const { clock, faults, callsTakeMs, note } = settings;
  let waiting: Waiting[] = [];
  let calls = 0;
  /** Calls that have had their turn and not ended: of a real table they take a while. */
  const inFlight = new Set<Promise<unknown>>();

  const turn = async (call: number): Promise<void> => {
    if (callsTakeMs === undefined) return;
    const due = clock.now() + (callsTakeMs[call % callsTakeMs.length] ?? 0);
    await new Promise<void>((go) => {
      waiting.push({ due, go });
    });
  };

  const perform = async <Result>(
    run: Run,
    port: PortCall<Result>,
    trouble: Trouble | undefined,
  ): Promise<Result> => {
    if (trouble !== undefined) note(`${run.name} ${trouble}: ${port.name}`);
    if (trouble === 'dies before') return dieIn(run);
    if (trouble === 'throws before') throw new PortError(port.name);
    const result = await port.make();
    if (trouble === 'dies after') return dieIn(run);
    if (trouble === 'throws after') throw new PortError(port.name);
    return trouble === 'answers lost' && port.lost !== undefined ? port.lost : result;
  };

  const quiet = async (): Promise<void> => {
    await setImmediate();
    while (inFlight.size > 0) {
      await Promise.all(inFlight);
      await setImmediate();
    }
  };

  return {
    begin: createRun,
    call: async (run, port) => {
      calls += 1;
      const call = calls;
      await turn(call);
      if (run.isDead) return forever();
      const trouble = faults.find((fault) => fault.call === call)?.trouble;
      const making = perform(run, port, trouble);
      if (callsTakeMs === undefined) return making;
      const ended = Promise.race([making, run.death]).catch(() => undefined);
      inFlight.add(ended);
      void ended.then(() => inFlight.delete(ended));
      return making;
    },
    nextAt: () => waiting.reduce((next, { due }) => Math.min(next, due), Infinity),
    step: async () => {
      const due = waiting.reduce((next, one) => Math.min(next, one.due), Infinity);
      const next = waiting.find((one) => one.due === due);
      if (next === undefined) return;
      waiting = waiting.filter((one) => one !== next);
      clock.reach(next.due);
      next.go();
      await quiet();
    },
    quiet,
  };
}

function createRun(name: string): Run {
  const { promise: death, resolve } = Promise.withResolvers<undefined>();
  const run: Run = {
    name,
    isDead: false,
    death,
    die: () => {
      run.isDead = true;
      resolve(undefined);
    },
  };
  return run;
}

function dieIn(run: Run): Promise<never> {
  run.die();
  return forever();
}

function forever(): Promise<never> {
  return new Promise(() => undefined);
}
