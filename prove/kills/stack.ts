import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

import * as v from 'valibot';

import type { Environment } from '../../shared/platform/env.ts';

const readyLine = v.object({
  callbackUrl: v.string(),
  dynamodbUrl: v.string(),
  awsUrl: v.string(),
});

export type Ready = v.InferOutput<typeof readyLine>;

/** A stack that `npm start` runs, in a process group of its own. */
export interface Stack {
  /** `undefined` where it ended before it served. */
  readonly ready: Promise<Ready | undefined>;
  /** Ends npm alone, or with all that it has started, in one instant. */
  kill(who: 'npm' | 'group'): void;
  /** Ends it in order. */
  stop(): Promise<void>;
  readonly ended: Promise<unknown>;
}

export function startStack(folder: string, environment: Environment): Stack {
  const child = spawn('npm', ['--silent', 'start'], {
    env: {
      ...environment,
      ...{ PORT: '0', DYNAMODB_PORT: '0', AWS_PORT: '0', DATA_DIR: folder },
      // Callbacks alone: the key is for reads, and nothing here has to be read.
      ...{ SCALE_API_KEY: '', BACKFILL_ON_START: 'false' },
    },
    stdio: ['ignore', 'pipe', 'ignore'],
    detached: true,
  });
  const ended = once(child, 'exit');
  const isAlive = () => child.exitCode === null && child.signalCode === null;
  const kill: Stack['kill'] = (who) => {
    const { pid } = child;
    if (pid === undefined || !isAlive()) return;
    process.kill(who === 'npm' ? pid : -pid, 'SIGKILL');
  };
  // Of its own group, it would not hear of the end of this process.
  const killAll = (): void => {
    kill('group');
  };
  process.once('exit', killAll);
  child.once('exit', () => process.off('exit', killAll));
  return {
    ready: readReady(child),
    ended,
    kill,
    stop: async () => {
      if (isAlive()) child.kill('SIGTERM');
      await ended;
    },
  };
}

async function readReady({ stdout }: ChildProcess): Promise<Ready | undefined> {
  if (stdout === null) return undefined;
  for await (const line of createInterface({ input: stdout })) {
    const [, json] = /^ready (\{.*\})$/.exec(line) ?? [];
    if (json === undefined) continue;
    stdout.resume();
    return v.parse(readyLine, JSON.parse(json));
  }
  return undefined;
}
