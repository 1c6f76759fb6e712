import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { PROJECT_ROOT } from '../support/running-stack.ts';

jest.setTimeout(60_000);

const GIVE_UP_MS = 20_000;

const { scripts } = JSON.parse(readFileSync(join(PROJECT_ROOT, 'package.json'), 'utf8')) as {
  scripts: Record<string, string>;
};

/** Runs a script as npm does, by a shell, in the name of a parent that is dead before the script begins. */
async function runOrphaned(script: string): Promise<void> {
  const isOrphan = '[ "$(ps -o ppid= -p $$ | tr -d " ")" != "$PPID" ]';
  const child = spawn('sh', ['-c', 'sh -c "$SCRIPT" & sleep 1; kill -9 $$'], {
    cwd: PROJECT_ROOT,
    env: {
      ...{ PATH: process.env['PATH'], HOME: process.env['HOME'] },
      ...{ PORT: '0', DYNAMODB_PORT: '0', AWS_PORT: '0', DATA_DIR: ':memory:' },
      SCRIPT: `while ! ${isOrphan}; do :; done; ${String(scripts[script])}`,
    },
    stdio: ['ignore', 'pipe', 'inherit'],
    detached: true,
  });
  const giveUp = setTimeout(() => process.kill(-Number(child.pid), 'SIGKILL'), GIVE_UP_MS);
  // Whoever lives on holds the pipe.
  child.stdout.resume();
  await once(child, 'close');
  clearTimeout(giveUp);
}

it.each(['start', 'simulator'])(
  'npm run %s ends when npm was killed before it began',
  async (script) => {
    const startedAt = Date.now();

    await runOrphaned(script);

    expect(Date.now() - startedAt).toBeLessThan(GIVE_UP_MS);
  },
);
