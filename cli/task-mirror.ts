import packageJson from '../package.json' with { type: 'json' };
import { systemClock, systemSleep } from '../shared/platform/clock.ts';
import type { Context } from './context.ts';
import { runCli } from './program.ts';
import type { OpenTarget } from './target.ts';
import { askAtTerminal } from './terminal.ts';

/** `npx task-mirror`: the command line on this process. */

/** Clients are loaded only once they are needed: help answers at once. */
const openTarget: OpenTarget = async (place, env, tell) => {
  switch (place.kind) {
    case 'local':
      return (await import('./targets/local-stack.ts')).openLocal(env, tell);
    case 'stack':
      return (await import('./targets/deployed-stack.ts')).openDeployed(place, env, tell);
    case 'variables':
      return (await import('./targets/named-by-variables.ts')).openNamed(env, tell);
    case 'scale':
      return (await import('./targets/scale-alone.ts')).openScale(env, tell);
  }
};

// A reader that has gone, such as `head`, is no reason to leave work half done or to complain.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
}

const end = (): void => {
  process.exit(130);
};
process.on('SIGINT', end);

/** What a command gets to give back what it holds: a call or two. */
const LONGEST_GOODBYE_MS = 5_000;

const interruptible: Context['interruptible'] = async (work) => {
  const controller = new AbortController();
  const stop = (): void => {
    controller.abort();
    process.on('SIGINT', end);
    setTimeout(end, LONGEST_GOODBYE_MS).unref();
  };
  process.off('SIGINT', end).once('SIGINT', stop);
  try {
    return await work(controller.signal);
  } finally {
    if (!controller.signal.aborted) process.off('SIGINT', stop).on('SIGINT', end);
  }
};

process.exitCode = await runCli(process.argv.slice(2), {
  version: packageJson.version,
  env: process.env,
  openTarget,
  interruptible,
  ask: process.stdin.isTTY ? askAtTerminal : undefined,
  showProgress: process.stderr.isTTY
    ? async (run) => (await import('./walks/show-progress.ts')).showProgress(run, systemSleep)
    : undefined,
  clock: systemClock,
  sleep: systemSleep,
  out: (text) => process.stdout.write(text),
  err: (text) => process.stderr.write(text),
});
