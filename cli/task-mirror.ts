import packageJson from '../package.json' with { type: 'json' };
import { systemClock } from '../shared/platform/clock.ts';
import { createInterruption } from './interruption.ts';
import { runCli } from './program.ts';
import type { OpenTarget } from './target.ts';
import { askAtTerminal, readKeyAtTerminal, readKeyFromStdin } from './terminal.ts';

/** `npx task-mirror`: the command line on this process. */

/** Clients are loaded only once they are needed: help answers at once. */
const openTarget: OpenTarget = async (place, env, voice) => {
  switch (place.kind) {
    case 'local':
      return (await import('./targets/local-stack.ts')).openLocal(env, voice);
    case 'stack':
      return (await import('./targets/deployed-stack.ts')).openDeployed(place, env, voice);
    case 'variables':
      return (await import('./targets/named-by-variables.ts')).openNamed(env, voice);
    case 'scale':
      return (await import('./targets/scale-alone.ts')).openScale(env, voice);
  }
};

// A reader that has gone, such as `head`, is no reason to leave work half done or to complain.
const readerGone = new AbortController();
/** Another reason than that, such as a full disk, is one to complain. */
let unwritable: Error | undefined;
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (stream !== process.stdout) return;
    if (error.code !== 'EPIPE') unwritable ??= error;
    readerGone.abort();
  });
}

process.on('exit', () => {
  if (unwritable === undefined) return;
  process.stderr.write(`task-mirror: stdout cannot be written: ${unwritable.message}\n`);
  process.exitCode = 1;
});

const interruption = createInterruption(() => process.exit(130));
process.on('SIGINT', interruption.interrupt);

const code = await runCli(process.argv.slice(2), {
  version: packageJson.version,
  env: process.env,
  openTarget,
  ask: process.stdin.isTTY ? askAtTerminal : undefined,
  readKey: process.stdin.isTTY ? readKeyAtTerminal : readKeyFromStdin,
  showProgress: process.stderr.isTTY
    ? async (run) =>
        (await import('./walks/show-progress.ts')).showProgress(run, interruption.sleep)
    : undefined,
  showTasks: process.stderr.isTTY
    ? async () => (await import('./export/task-bar.ts')).startTaskBar()
    : undefined,
  clock: systemClock,
  sleep: interruption.sleep,
  takeInterruption: interruption.take,
  readerGone: readerGone.signal,
  flushed: () =>
    new Promise((resolve) => {
      process.stdout.write('', (error) => {
        resolve(error == null && !readerGone.signal.aborted);
      });
    }),
  writeBytes: (bytes) =>
    new Promise((resolve, reject) => {
      process.stdout.write(bytes, (error) => {
        if (error == null) resolve();
        else reject(error);
      });
    }),
  // A terminal that does not know its width says 0.
  columns: process.stdout.isTTY && process.stdout.columns > 0 ? process.stdout.columns : undefined,
  out: (text) => process.stdout.write(text),
  err: (text) => process.stderr.write(text),
});

// A call that was under way may still wait for Scale: nobody waits for it any more.
if (code === 130) process.exit(code);
process.exitCode = code;
