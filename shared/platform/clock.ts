/** Time as a dependency: milliseconds since the epoch, so that tests turn it by hand. */
export interface Clock {
  now(): number;
}

/** Waits for so many milliseconds. */
export type Sleep = (ms: number) => Promise<void>;

export const systemClock: Clock = { now: () => Date.now() };

export const systemSleep: Sleep = (ms) =>
  new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
