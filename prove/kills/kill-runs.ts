import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import type { Environment } from '../../shared/platform/env.ts';
import { type Load, startLoad } from './load.ts';
import { createRandom, type Random } from './random.ts';
import { type Ready, type Stack, startStack } from './stack.ts';
import { type Verdict, verify } from './verify.ts';

export interface KillSettings {
  readonly kills: number;
  readonly seed: number;
  /** For `npm start`; what it needs beside is set here. */
  readonly environment: Environment;
  readonly onKill?: (kill: Kill) => void;
}

/** One kill: of whom, when, and how many callbacks had been answered 200 by then. */
interface Kill {
  readonly who: 'npm' | 'group';
  readonly while: 'starting' | 'serving';
  readonly acknowledged: number;
}

export interface KillReport extends Verdict {
  readonly kills: readonly Kill[];
  readonly acknowledged: number;
  /** Posts that were not answered 200, and were made again. */
  readonly refused: number;
  readonly seconds: number;
}

const CALLBACK_KEY = 'local-callback-key';

const SHARE_WHILE_STARTING = 0.2;
const SHARE_OF_NPM_ALONE = 0.3;
const LONGEST_START_MS = 1_200;
const LONGEST_LIFE_MS = 10_000;
const MOST_CALLBACKS_IN_A_LIFE = 60;
const LONGEST_MOMENT_MS = 30;
const LOOK_MS = 5;

/** A stack whose npm was killed alone holds its data for a moment. */
const MOST_STARTS = 20;
const PAUSE_MS = 200;

/**
 * Runs the embedded stack under load, kills it at random instants and starts it again on the same data; in
 * the end compares every callback that was answered 200 with what is stored.
 */
export async function runKills(settings: KillSettings): Promise<KillReport> {
  const { seed, environment } = settings;
  const startedAt = performance.now();
  const random = createRandom(seed);
  const folder = await mkdtemp(join(tmpdir(), 'mirror-kills-'));
  const load = startLoad({ seed, random: createRandom(seed + 1), callbackKey: CALLBACK_KEY });
  let stack: Stack | undefined;
  try {
    // The first start may build, which takes as long as many lives.
    await (await startAgain(folder, environment)).stack.stop();
    const kills: Kill[] = [];
    while (kills.length < settings.kills) {
      const kill = await liveAndDie(startStack(folder, environment), load, random);
      if (kill === undefined) continue;
      kills.push(kill);
      settings.onKill?.(kill);
    }
    const last = await startAgain(folder, environment);
    stack = last.stack;
    load.aim(last.ready.callbackUrl);
    await load.end();
    const verdict = await verify(last.ready, seed, load.acknowledged);
    const seconds = (performance.now() - startedAt) / 1_000;
    const acknowledged = load.acknowledged.size;
    return { ...verdict, kills, acknowledged, refused: load.refused(), seconds };
  } finally {
    load.aim(undefined);
    await load.end();
    await stack?.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

/** One life of a stack. `undefined` where it never came to serve, as after npm was killed alone. */
async function liveAndDie(stack: Stack, load: Load, random: Random): Promise<Kill | undefined> {
  const who = random() < SHARE_OF_NPM_ALONE ? 'npm' : 'group';
  const isWhileStarting = random() < SHARE_WHILE_STARTING;
  const [part, moment] = [random(), random() * LONGEST_MOMENT_MS];
  if (isWhileStarting) {
    await sleep(part * LONGEST_START_MS);
  } else {
    const ready = await stack.ready;
    if (ready === undefined) {
      await sleep(PAUSE_MS);
      return undefined;
    }
    load.aim(ready.callbackUrl);
    await busyUntil(load, load.acknowledged.size + part * MOST_CALLBACKS_IN_A_LIFE);
    await sleep(moment);
  }
  const acknowledged = load.acknowledged.size;
  stack.kill(who);
  load.aim(undefined);
  await stack.ended;
  return { who, while: isWhileStarting ? 'starting' : 'serving', acknowledged };
}

/** Waits until so many callbacks are acknowledged: by time alone a busy machine would see a kill of an idle stack. */
async function busyUntil({ acknowledged }: Load, count: number): Promise<void> {
  const giveUpAt = Date.now() + LONGEST_LIFE_MS;
  while (acknowledged.size < count && Date.now() < giveUpAt) await sleep(LOOK_MS);
}

async function startAgain(
  folder: string,
  environment: Environment,
): Promise<{ readonly stack: Stack; readonly ready: Ready }> {
  for (let starts = 0; starts < MOST_STARTS; starts += 1) {
    const stack = startStack(folder, environment);
    const ready = await stack.ready;
    if (ready !== undefined) return { stack, ready };
    await sleep(PAUSE_MS);
  }
  throw new Error('the stack does not start again');
}
