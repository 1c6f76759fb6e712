import { parseArgs } from 'node:util';

import { runSoak } from './soak.ts';
import { caveatOf, verdictOf } from './verdict.ts';
import type { Progress } from './watch.ts';

/** `npm run soak`: load and rest for the embedded stack, and a look for all that it had accepted. */

const HELP = `Usage: npm run soak -- [--minutes N] [--burst-seconds N] [--json]

Starts the embedded stack of "npm start" as a process of its own, on a folder of its own, and finds the rate that it keeps up
with. Then it posts ten times as many callbacks (open loop: latency counts from when a post was due), and beside them wrong keys at
full speed over other connections; then a quarter of the sustainable rate for the rest of the time.

It passes (exit code 0) if every callback that was answered 2xx is in the table Tasks, and one document of each hundred byte for
byte; if the queue is empty again; if no wrong key was let in; if there is no dead letter; and if memory is flat: over the later
two thirds of the steady part its least-squares line grows by no more than 10 % of its mean in half an hour. What is refused (429, 503) or
not answered is counted, and not posted again.

Options:
  --minutes N        from the beginning of the burst to the end (30); with less than 15 memory is shown and not judged
  --burst-seconds N  how long the burst lasts (60)
  --json             the last line is one object
  --help             print this
`;

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '30' },
    'burst-seconds': { type: 'string', default: '60' },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});
const [minutes, burstSeconds] = [Number(values.minutes), Number(values['burst-seconds'])];
const isUsable = minutes > 0 && burstSeconds > 0 && minutes * 60 >= burstSeconds;

if (values.help || !isUsable) {
  (values.help ? process.stdout : process.stderr).write(HELP);
  process.exitCode = values.help ? 0 : 2;
} else {
  process.exitCode = (await soak()) ? 0 : 1;
}

async function soak(): Promise<boolean> {
  const ending = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      ending.abort(new Error(`ended by ${signal}`));
    });
  }
  try {
    const settings = { minutes, burstSeconds, environment: process.env, signal: ending.signal };
    const result = await runSoak({ ...settings, onProgress: tellProgress });
    const { figures, failures } = verdictOf(result);
    for (const [name, value] of Object.entries(figures)) {
      process.stdout.write(`${name.padEnd(24)}${value.toLocaleString('en').padStart(12)}\n`);
    }
    const caveat = caveatOf(result);
    if (caveat !== undefined) process.stdout.write(`${caveat}\n`);
    for (const failure of failures) process.stdout.write(`FAILED: ${failure}\n`);
    if (failures.length === 0) process.stdout.write('passed\n');
    if (values.json) {
      const object = { name: 'soak', passed: failures.length === 0, figures, failures };
      process.stdout.write(`${JSON.stringify(object)}\n`);
    }
    return failures.length === 0;
  } catch (error) {
    process.stderr.write(`soak: ${error instanceof Error ? error.message : String(error)}\n`);
    return false;
  }
}

function tellProgress({ phase, seconds, accepted, backlog, megabytes }: Progress): void {
  const parts = [
    `${String(Math.round(seconds)).padStart(5)} s  ${phase.padEnd(8)}`,
    `${accepted.toLocaleString('en')} accepted`,
    `${backlog.toLocaleString('en')} on the queue`,
    `${String(megabytes)} MB`,
  ];
  process.stdout.write(`${parts.join('  ')}\n`);
}
