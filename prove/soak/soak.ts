import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { type EmbeddedStack, startStack, stopStack } from '../../bench/embedded-stack.ts';
import type { Environment } from '../../shared/platform/env.ts';
import { openQueues } from './backlog.ts';
import { WRONG_IDS } from './load.ts';
import type { MemorySample } from './memory.ts';
import {
  type Burst,
  burst,
  CONNECTIONS,
  drain,
  ramp,
  type Run,
  type Steady,
  steady,
  WRONG_CONNECTIONS,
} from './phases.ts';
import { createPoster } from './poster.ts';
import { openStoredTasks } from './stored.ts';
import { type Progress, watchStack } from './watch.ts';

export interface SoakSettings {
  /** From the beginning of the burst to the end of the steady part. */
  readonly minutes: number;
  readonly burstSeconds: number;
  /** For `npm start`; what it needs beside is set here. */
  readonly environment: Environment;
  readonly signal: AbortSignal;
  /** Told every ten seconds. */
  readonly onProgress: (progress: Progress) => void;
}

/** All that was found; what it means says `verdict.ts`. */
export interface SoakResult {
  readonly sustainable: number;
  readonly burst: Burst;
  /** Seconds from the end of the burst until nothing was left on the queue; absent if that never came. */
  readonly drainSeconds: number | undefined;
  readonly steady: Steady;
  readonly lastDrainSeconds: number | undefined;
  readonly accepted: number;
  /** Accepted callbacks that are not in the table, or not as they were sent. */
  readonly missing: number;
  /** Tasks of callbacks with a wrong key that are in the table. */
  readonly entered: number;
  readonly deadLetters: number;
  /** Of the steady part. */
  readonly memory: readonly MemorySample[];
}

/** Puts the embedded stack under load, lets it be quiet, and looks for all that it has accepted. */
export async function runSoak(settings: SoakSettings): Promise<SoakResult> {
  const folder = await mkdtemp(join(tmpdir(), 'mirror-soak-'));
  let stack: EmbeddedStack | undefined;
  try {
    stack = await startStack(folder, settings.environment);
    return await soak(stack, settings);
  } finally {
    if (stack?.process.exitCode === null) await stopStack(stack);
    await rm(folder, { recursive: true, force: true });
  }
}

async function soak(stack: EmbeddedStack, settings: SoakSettings): Promise<SoakResult> {
  const { callbackUrl, dynamodbUrl, awsUrl } = stack;
  const [queues, stored] = [openQueues(awsUrl), openStoredTasks(dynamodbUrl)];
  const authentic = createPoster({
    callbackUrl,
    key: 'local-callback-key',
    connections: CONNECTIONS,
  });
  const wrong = createPoster({
    callbackUrl,
    key: 'a-wrong-callback-key',
    connections: WRONG_CONNECTIONS,
  });
  const watch = watchStack(stack, queues.backlog, settings.onProgress);
  const run: Run = {
    ...{ queues, authentic, wrong, accepted: [], numbered: 0, signal: settings.signal },
    onPhase: watch.begin,
  };
  try {
    const sustainable = await ramp(run);
    const endAt = performance.now() + settings.minutes * 60_000;
    const whileBursting = await burst(run, sustainable, settings.burstSeconds);
    const drainSeconds = await drain(run);
    const steadyFrom = watch.samples.length;
    const whileSteady = await steady(run, sustainable, (endAt - performance.now()) / 1_000);
    const memory = watch.samples.slice(steadyFrom);
    const lastDrainSeconds = await drain(run);
    settings.signal.throwIfAborted();
    const wrongNumbers = Array.from({ length: WRONG_IDS }, (_, number) => number);
    return {
      ...{ sustainable, burst: whileBursting, drainSeconds },
      ...{ steady: whileSteady, lastDrainSeconds, memory },
      accepted: run.accepted.length,
      missing: (await stored.missing('soak', run.accepted)).length,
      entered: WRONG_IDS - (await stored.missing('wrong', wrongNumbers)).length,
      deadLetters: await queues.deadLetters(),
    };
  } finally {
    watch.end();
    for (const open of [queues, stored, authentic, wrong]) open.close();
  }
}
