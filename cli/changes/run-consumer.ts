import { spawn } from 'node:child_process';

import { CommandFailure } from '../failure.ts';

/** Hands text to the input of a command, and waits until it ends with 0. A `CommandFailure` where it does not. */
export async function runConsumer(command: string, input: string): Promise<void> {
  // Its output is the output of this command.
  const child = spawn(command, { shell: true, stdio: ['pipe', 'inherit', 'inherit'] });
  // One that reads no input may have ended by now; how it ends is what counts.
  child.stdin.on('error', () => undefined).end(input);
  const ended = await new Promise<string | undefined>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => {
      resolve(code === 0 ? undefined : (signal ?? `exit code ${String(code)}`));
    });
  });
  if (ended === undefined) return;
  throw new CommandFailure('failed', `the command of --run has failed: ${ended}`, {
    hint: 'the changes that it was given count as not dealt with: they come again the next time',
  });
}
