import { type Clock, systemClock } from '../../shared/platform/clock.ts';

/** What is to happen when its time has come. */
type Due = () => void | Promise<void>;

/** A clock that can be turned forward; what was to happen meanwhile happens, in order. */
export interface TurnableClock extends Clock {
  /** Calls once so many milliseconds have passed on this clock. */
  after(ms: number, due: Due): void;
  /** Turns the clock and ends when all that became due is done, and what that in turn made due. */
  advance(ms: number): Promise<void>;
  /** Puts the clock forward with nothing happening: for a state that was saved on a turned clock. */
  putForward(ms: number): void;
  /** How far the clock was turned. */
  readonly turnedMs: () => number;
  /** Ends when nothing is under way. */
  idle(): Promise<void>;
  stop(): void;
}

interface Timer {
  readonly time: number;
  readonly due: Due;
}

const LONGEST_TIMEOUT_MS = 2 ** 31 - 1;

/** The time of `base`, and what it was turned by. `ticks: false` makes a clock that only turns by hand. */
export function createTurnableClock({
  base = systemClock,
  ticks = true,
}: { readonly base?: Clock; readonly ticks?: boolean } = {}): TurnableClock {
  const timers: Timer[] = [];
  const running = new Set<Promise<void>>();
  let offset = 0;
  let armed: NodeJS.Timeout | undefined;
  let turns = 0;
  let lastTurn: Promise<void> = Promise.resolve();
  const now = () => base.now() + offset;

  const start = (due: Due): Promise<void> => {
    const run = Promise.resolve()
      .then(due)
      .finally(() => running.delete(run));
    running.add(run);
    return run;
  };
  const arm = (): void => {
    clearTimeout(armed);
    const [first] = timers;
    if (!ticks || turns > 0 || first === undefined) return;
    const wait = Math.min(Math.max(first.time - now(), 0), LONGEST_TIMEOUT_MS);
    armed = setTimeout(fire, wait).unref();
  };
  const fire = (): void => {
    while (timers[0] !== undefined && timers[0].time <= now()) {
      const timer = timers.shift();
      if (timer !== undefined) void start(timer.due);
    }
    arm();
  };
  const turn = async (ms: number): Promise<void> => {
    turns += 1;
    try {
      await Promise.all(running);
      const end = now() + ms;
      while (timers[0] !== undefined && timers[0].time <= end) {
        const timer = timers.shift();
        if (timer === undefined) break;
        offset += Math.max(0, timer.time - now());
        await start(timer.due);
      }
      offset += Math.max(0, end - now());
    } finally {
      turns -= 1;
      arm();
    }
  };

  return {
    now,
    after: (ms, due) => {
      const timer = { time: now() + ms, due };
      timers.splice(positionAfter(timers, timer.time), 0, timer);
      arm();
    },
    advance: (ms) => {
      const next = lastTurn.then(() => turn(ms));
      lastTurn = next.catch(() => undefined);
      return next;
    },
    putForward: (ms) => {
      offset += ms;
    },
    turnedMs: () => offset,
    idle: async () => {
      while (running.size > 0) await Promise.all(running);
    },
    stop: () => {
      timers.length = 0;
      clearTimeout(armed);
    },
  };
}

/** A clock that stands still until somebody turns it. */
export function createManualClock(start: number): TurnableClock {
  return createTurnableClock({ base: { now: () => start }, ticks: false });
}

/** After those of the same time: what was asked for first happens first. */
function positionAfter(timers: readonly Timer[], time: number): number {
  let [low, high] = [0, timers.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((timers[middle]?.time ?? Infinity) <= time) low = middle + 1;
    else high = middle;
  }
  return low;
}
