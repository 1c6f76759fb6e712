/** What can go wrong with a call. `lost`: it is carried out, and its answer never arrives. */
export type AwsFault =
  'throttled' | 'error 500' | 'error 503' | 'timeout' | 'reset' | 'lost' | 'in part' | 'not at all';

export type ScaleFault =
  | 'busy'
  | 'busy, come again'
  | 'error 500'
  | 'timeout'
  | 'reset'
  | 'broken off'
  | 'HTML'
  | 'refused key';

type Fault = AwsFault | ScaleFault;

/**
 * - `once`: the first try of the call
 * - `each try`: all tries of the call; whatever else is asked is answered
 * - `from then on`: the call and every later one of its operation, until the invocation ends
 */
export type Duration = 'once' | 'each try' | 'from then on';

/** What goes wrong in a run: a fault of one call, or the end of the process just before it. */
export type Plan =
  | { readonly call: string; readonly fault: Fault; readonly duration: Duration }
  | { readonly crashBefore: number };

/** The process has ended: from here on nothing of it happens any more. */
class CrashError extends Error {
  override readonly name = 'CrashError';
}

/** Stands between a process and all that it calls; lets calls through, or fails them by the plan. */
export interface Gate {
  /** Every call that was made, as `dynamodb PutItem #2`; the tries of one call count once. */
  readonly calls: readonly string[];
  /** How many tries have met the fault. */
  readonly hits: () => number;
  readonly hasCrashed: () => boolean;
  /** The fault of this try. `id` is equal for all tries of one call. Throws after a crash. */
  meet(operation: string, id: string): Fault | undefined;
  /** A fault that lasts ends here. */
  endInvocation(): void;
  /** What was down all the while is there again. */
  recover(): void;
}

/** Operations that fail all the time. */
export interface Down {
  readonly operations: readonly string[];
  readonly fault: AwsFault;
}

/** What is `down` fails beside whatever the plan says. */
export function createGate(plan?: Plan, down?: Down): Gate {
  const calls: string[] = [];
  const names = new Map<string, string>();
  const counts = new Map<string, number>();
  let hits = 0;
  let isOver = false;
  let hasCrashed = false;
  let isDown = true;

  const planned = (operation: string, name: string): Fault | undefined => {
    if (plan === undefined || isOver) return undefined;
    if ('crashBefore' in plan) {
      if (calls.length <= plan.crashBefore) return undefined;
      hasCrashed = true;
      hits += 1;
      throw new CrashError('the process has ended');
    }
    if (!isHit(plan, operation, name)) return undefined;
    hits += 1;
    return plan.fault;
  };

  const nameOf = (operation: string, id: string): string => {
    const known = names.get(id);
    if (known !== undefined) return known;
    const nth = (counts.get(operation) ?? 0) + 1;
    counts.set(operation, nth);
    const name = `${operation} #${String(nth)}`;
    names.set(id, name);
    calls.push(name);
    return name;
  };

  const isHit = (one: Extract<Plan, { call: string }>, operation: string, name: string) => {
    if (name === one.call) return one.duration !== 'once' || hits === 0;
    return hits > 0 && one.duration === 'from then on' && one.call.startsWith(`${operation} #`);
  };

  return {
    calls,
    hits: () => hits,
    hasCrashed: () => hasCrashed,
    meet: (operation, id) => {
      if (hasCrashed) throw new CrashError('the process has ended');
      const name = nameOf(operation, id);
      const fault = planned(operation, name);
      return fault ?? (isDown && down?.operations.includes(operation) ? down.fault : undefined);
    },
    endInvocation: () => {
      if (hits > 0) isOver = true;
    },
    recover: () => {
      isDown = false;
    },
  };
}
