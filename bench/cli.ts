import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { Environment } from '../shared/platform/env.ts';
import { startStack, stopStack } from './embedded-stack.ts';
import { type BenchResult, percentile } from './result.ts';

const ROUNDS = 15;

/** What people wait for when they look: help, and the status of a running stack, beside a Node.js that does nothing. */
export async function benchCli(environment: Environment): Promise<BenchResult> {
  const folder = await mkdtemp(join(tmpdir(), 'mirror-bench-'));
  const stack = await startStack(folder, environment);
  try {
    const env = { ...environment, AWS_PORT: new URL(stack.awsUrl).port };
    const commands = {
      node: () => timed(process.execPath, ['-e', '0'], env),
      help: () => timed('bin/task-mirror', ['--help'], env),
      status: () => timed('bin/task-mirror', ['--local', 'status'], env),
    };
    const times: Record<keyof typeof commands, number[]> = { node: [], help: [], status: [] };
    // The first round fills the caches of disk and compiler.
    for (const run of Object.values(commands)) await run();
    for (let round = 0; round < ROUNDS; round += 1) {
      times.node.push(await commands.node());
      times.help.push(await commands.help());
      times.status.push(await commands.status());
    }
    const median = (all: readonly number[]): number => percentile(all, 0.5);
    const rounded = (ratio: number): number => Math.round(ratio * 100) / 100;
    return {
      name: 'cli',
      ratios: {
        helpOverNode: rounded(median(times.help) / median(times.node)),
        statusOverNode: rounded(median(times.status) / median(times.node)),
      },
      figures: {
        helpMs: Math.round(median(times.help)),
        statusMs: Math.round(median(times.status)),
        nodeMs: Math.round(median(times.node)),
      },
    };
  } finally {
    await stopStack(stack);
    await rm(folder, { recursive: true, force: true });
  }
}

async function timed(command: string, args: readonly string[], env: Environment): Promise<number> {
  const startedAt = performance.now();
  const child = spawn(command, args, { env, stdio: 'ignore' });
  const code = await new Promise<number | null>((resolve) => child.once('exit', resolve));
  if (code !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${String(code)}`);
  return performance.now() - startedAt;
}
