import packageJson from '../package.json' with { type: 'json' };
import { systemClock, systemSleep } from '../shared/platform/clock.ts';
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

process.once('SIGINT', () => {
  process.exit(130);
});

process.exitCode = await runCli(process.argv.slice(2), {
  version: packageJson.version,
  env: process.env,
  openTarget,
  ask: process.stdin.isTTY ? askAtTerminal : undefined,
  clock: systemClock,
  sleep: systemSleep,
  out: (text) => process.stdout.write(text),
  err: (text) => process.stderr.write(text),
});
