/** Chance that a seed repeats. */
export interface Dice {
  /** A whole number from 0 to below `end`. */
  below(end: number): number;
  chance(share: number): boolean;
}

export function createDice(seed: number): Dice {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return { below: (end) => Math.floor(next() * end), chance: (share) => next() < share };
}

/** Lets others have their turn, so many times. */
export async function giveWay(times: number): Promise<void> {
  for (let time = 0; time < times; time += 1) await Promise.resolve();
}
