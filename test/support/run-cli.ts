import { spawn } from 'node:child_process';
import { join } from 'node:path';

import { type Ended, PROJECT_ROOT } from './running-stack.ts';

const ENTRY = join(PROJECT_ROOT, 'cli', 'task-mirror.ts');

/** The command line in a process of its own, with nothing in its environment and on stdin but what is given. */
export function startCli(
  args: readonly string[],
  env: Record<string, string> = {},
  input?: string,
) {
  const { PATH, HOME } = process.env;
  const child = spawn(process.execPath, [ENTRY, ...args], {
    env: { PATH, HOME, ...env },
    stdio: 'pipe',
  });
  // One that asks for nothing may have ended by then.
  child.stdin.on('error', () => undefined).end(input);
  const ended = new Promise<Ended>((resolve) => {
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    child.once('close', (code) => {
      resolve({ code, stdout, stderr });
    });
  });
  return { child, ended };
}

export function runCli(args: readonly string[], env?: Record<string, string>): Promise<Ended> {
  return startCli(args, env).ended;
}
