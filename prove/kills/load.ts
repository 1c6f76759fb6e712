import { setTimeout as sleep } from 'node:timers/promises';

import { callbackOf } from './callbacks.ts';
import type { Random } from './random.ts';

/** Callbacks on their way, whatever becomes of the stack: as Scale, it posts again what was not answered 200. */
export interface Load {
  /** Numbers of the callbacks that were answered 200. */
  readonly acknowledged: ReadonlySet<number>;
  /** Posts that met no answer, or another one. */
  readonly refused: () => number;
  /** Where the stack is now; `undefined` while it is nowhere. */
  aim(callbackUrl: string | undefined): void;
  /** Lets no new callback begin, and waits for those on their way; what is not answered is given up. */
  end(): Promise<void>;
}

export interface LoadSettings {
  readonly seed: number;
  readonly random: Random;
  readonly callbackKey: string;
}

const LANES = 6;

/** So many posts are of a callback that was answered already: Scale does not always hear the answer. */
const SHARE_OF_REPEATED = 0.1;

const PAUSE_MS = 20;

export function startLoad({ seed, random, callbackKey }: LoadSettings): Load {
  const acknowledged = new Set<number>();
  let target: string | undefined;
  let isEnding = false;
  let next = 0;
  let refused = 0;

  const post = async (number: number): Promise<boolean> => {
    if (target === undefined) return false;
    try {
      const response = await fetch(target, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'scale-callback-auth': callbackKey },
        body: callbackOf(seed, number).body,
      });
      if (response.status !== 200) refused += 1;
      return response.status === 200;
    } catch {
      refused += 1;
      return false;
    }
  };

  const postUntilEnd = async (number: number): Promise<boolean> => {
    do {
      if (await post(number)) return true;
      await sleep(PAUSE_MS);
    } while (!isEnding);
    return false;
  };

  const lane = async (): Promise<void> => {
    while (!isEnding) {
      const isRepeated = acknowledged.size > 0 && random() < SHARE_OF_REPEATED;
      const number = isRepeated ? Math.floor(random() * next) : next++;
      if (await postUntilEnd(number)) acknowledged.add(number);
    }
  };
  const lanes = Array.from({ length: LANES }, lane);

  return {
    acknowledged,
    refused: () => refused,
    aim: (callbackUrl) => {
      target = callbackUrl;
    },
    end: async () => {
      isEnding = true;
      await Promise.all(lanes);
    },
  };
}
