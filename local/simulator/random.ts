/** Chance that is the same for the same seed. */
export interface Random {
  /** From 0 up to, and without, 1. */
  next(): number;
  /** True in so large a share of cases, 0 to 1. */
  chance(share: number | undefined): boolean;
  /** A whole number, both ends included. */
  between(least: number, most: number): number;
}

/**
 * A stream of numbers of its own per purpose, so that one kind of misbehaviour does not shift another.
 * Mulberry32: small, and good enough to be unfair with.
 */
export function createRandom(seed: number, purpose: string): Random {
  let state = hash(`${seed}:${purpose}`);
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return {
    next,
    chance: (share) => share !== undefined && share > 0 && next() < share,
    between: (least, most) => least + Math.floor(next() * (most - least + 1)),
  };
}

/** FNV-1a with a last mix: one number for one text, well spread. */
export function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    value = Math.imul(value ^ text.charCodeAt(index), 0x01000193);
  }
  value = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  return (value ^ (value >>> 13)) >>> 0;
}
