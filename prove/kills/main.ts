import { parseArgs } from 'node:util';

import { runKills } from './kill-runs.ts';

/** `npm run prove:kills`: kills the embedded stack under load, and looks for what it had acknowledged. */

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(1));

const HELP = `Usage: npm run prove:kills -- [--kills N] [--seed S] [--json]

Kills "npm start" under load (SIGKILL, at random instants) and starts it again, on a folder of its own. Every
callback that was answered 200 has to be in the table Tasks, byte for byte and once.

Options:
  --kills N   how often it is killed (20)
  --seed S    of sizes, instants and whom it hits; the present time unless given
  --json      the last line is one object
  --help      print this
`;

const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '20' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});
const [kills, seed] = [Number(values.kills), Number(values.seed)];

if (values.help || !Number.isInteger(kills) || !Number.isInteger(seed) || kills < 1) {
  (values.help ? process.stdout : process.stderr).write(HELP);
  process.exitCode = values.help ? 0 : 2;
} else {
  process.exitCode = (await prove()) ? 0 : 1;
}

async function prove(): Promise<boolean> {
  process.stdout.write(`seed ${String(seed)}\n`);
  let count = 0;
  const { missing, altered, duplicated, ...run } = await runKills({
    kills,
    seed,
    environment: process.env,
    onKill: (kill) => {
      count += 1;
      const who = kill.who === 'npm' ? 'npm alone' : 'all of it';
      const acknowledged = `${String(kill.acknowledged)} acknowledged`;
      process.stdout.write(`kill ${String(count)}: ${who}, while ${kill.while}, ${acknowledged}\n`);
    },
  });
  const counts = {
    kills: run.kills.length,
    acknowledged: run.acknowledged,
    refused: run.refused,
    missing: missing.length,
    altered: altered.length,
    duplicated: duplicated.length,
    deadLetters: run.deadLetters,
    seconds: Math.round(run.seconds),
  };
  for (const [name, value] of Object.entries(counts)) {
    process.stdout.write(`${name.padEnd(14)}${String(value).padStart(8)}\n`);
  }
  for (const id of [...missing, ...altered, ...duplicated]) process.stdout.write(`wrong: ${id}\n`);
  if (values.json) process.stdout.write(`${JSON.stringify({ name: 'kills', seed, ...counts })}\n`);
  return missing.length + altered.length + duplicated.length === 0;
}
