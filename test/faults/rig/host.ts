import { inProcess } from './current-process.ts';
import { createGate, type Gate } from './gate.ts';
import type { Invoke } from './life.ts';
import type { Functions } from './process.ts';

/** Runs the functions in one process after the other, each behind a gate. */
interface Host {
  readonly state: { failures: number; longestDelayMs: number; readonly problems: string[] };
  readonly invoke: Invoke;
  /** From here on the process is the one that the plan was made for. */
  readonly arm: () => void;
  /** Runs something in a process of its own, to which nothing happens. */
  readonly calmly: (run: () => Promise<void>) => Promise<void>;
}

interface HostSettings {
  readonly start: () => Functions;
  /** Called after an invocation that met a fault: what is there that must never be? */
  readonly look: () => Promise<string[]>;
}

export function createHost(gate: Gate, { start, look }: HostSettings): Host {
  const state: Host['state'] = { failures: 0, longestDelayMs: 0, problems: [] };
  const onDelay = (seconds: number): void => {
    state.longestDelayMs = Math.max(state.longestDelayMs, seconds * 1_000);
  };
  const fresh = (behind = createGate()) => ({ gate: behind, onDelay, functions: start() });
  let process = fresh();

  return {
    state,
    /** A process that has died says nothing, and another one is started. */
    invoke: async (run) => {
      const running = process;
      const hitsBefore = gate.hits();
      let result: Awaited<ReturnType<typeof run>> | undefined;
      try {
        result = await inProcess(running, () => run(running.functions));
      } catch {
        state.failures += 1;
      }
      if (gate.hits() > hitsBefore) state.problems.push(...(await look()));
      running.gate.endInvocation();
      if (!running.gate.hasCrashed()) return result;
      process = fresh();
      return undefined;
    },
    arm: () => {
      state.failures = 0;
      process = fresh(gate);
    },
    calmly: async (run) => {
      const held = process;
      process = fresh();
      await run();
      process = held;
    },
  };
}
