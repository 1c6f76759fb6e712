import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

import * as v from 'valibot';

import type { Environment } from '../shared/platform/env.ts';

const readyLine = v.object({
  callbackUrl: v.string(),
  dynamodbUrl: v.string(),
  awsUrl: v.string(),
  readyMs: v.number(),
});

/** A stack that `npm start` runs. */
export type EmbeddedStack = v.InferOutput<typeof readyLine> & { readonly process: ChildProcess };

/** Runs `npm start` with its data in a folder, and waits until it serves. */
export async function startStack(
  folder: string,
  environment: Environment,
  settings: Readonly<Record<string, string>> = {},
): Promise<EmbeddedStack> {
  const variables = { PORT: '0', DYNAMODB_PORT: '0', AWS_PORT: '0', BACKFILL_ON_START: 'false' };
  const child = spawn('npm', ['--silent', 'start'], {
    env: { ...environment, ...variables, ...settings, DATA_DIR: folder },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  for await (const line of createInterface({ input: child.stdout })) {
    const [, json] = /^ready (\{.*\})$/.exec(line) ?? [];
    if (json !== undefined) return { ...v.parse(readyLine, JSON.parse(json)), process: child };
  }
  throw new Error('the stack ended before it was ready');
}

export async function stopStack({ process: child }: EmbeddedStack): Promise<void> {
  child.kill('SIGTERM');
  await once(child, 'exit');
}
