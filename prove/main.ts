import { parseArgs } from 'node:util';

import { startDynalite } from './dynalite.ts';
import { type Proof, prove } from './prove.ts';
import { counterexampleOf, reportOf } from './report.ts';

const HELP = `Usage: npm run prove -- [--runs N] [--seed S] [--dynalite N] [--path P] [--json]

Plays random histories of one task against the real worker, and compares what the mirror says in the
end with what Scale says. A history that ends wrong is made small and told as a timeline.

Options:
  --runs N      histories on a table in memory (1000)
  --dynalite N  histories on a DynamoDB within this process (a hundredth of the runs, at most 100)
  --seed S      where the random numbers begin (any); printed, so that a run can be repeated
  --path P      goes straight to a counterexample of that seed
  --json        the last line is one object
  --help        print this

Exit codes: 0 none is wrong, 1 one ends wrong, 2 wrong usage.
`;

const BAD_USAGE = 2;

interface Wanted {
  readonly runs: number;
  readonly dynalite: number;
  readonly seed: number;
  readonly path: string | undefined;
  readonly asJson: boolean;
}

/** What was asked for; `help`, or a sentence about what is wrong with it. */
function readArguments(): Wanted | 'help' | Error {
  try {
    const text = { type: 'string' } as const;
    const flag = { type: 'boolean', default: false } as const;
    const { values } = parseArgs({
      options: { runs: text, dynalite: text, seed: text, path: text, json: flag, help: flag },
    });
    if (values.help) return 'help';
    const runs = count('runs', values.runs ?? '1000');
    const share = String(Math.min(100, Math.ceil(runs / 100)));
    return {
      runs,
      dynalite: count('dynalite', values.dynalite ?? (values.path === undefined ? share : '0')),
      seed: count('seed', values.seed ?? String(Date.now() % 2 ** 31)),
      path: values.path,
      asJson: values.json,
    };
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

function count(name: string, value: string): number {
  if (!/^\d{1,9}$|^[12]\d{9}$/.test(value)) throw new Error(`--${name} has to be a whole number`);
  return Number(value);
}

function progress(runs: number): (done: number) => void {
  return (done) => {
    if (process.stderr.isTTY && done % 100 === 0) process.stderr.write(`\r${done} of ${runs} `);
  };
}

async function proveOnDynalite(runs: number, seed: number): Promise<Proof> {
  const dynalite = await startDynalite();
  try {
    let tasks = 0;
    const options = () => ({ table: dynalite.table, taskId: `task-${(tasks += 1)}` });
    return await prove({ runs, seed, options });
  } finally {
    await dynalite.close();
  }
}

async function run({ runs, dynalite, seed, path, asJson }: Wanted): Promise<void> {
  const inMemory = await prove({ runs, seed, path, onProgress: progress(runs) });
  if (process.stderr.isTTY) process.stderr.write('\r');
  process.stdout.write(reportOf('on a table in memory', inMemory));
  const proofs = [inMemory];
  if (dynalite > 0) {
    const onDynalite = await proveOnDynalite(dynalite, seed);
    process.stdout.write(reportOf('on dynalite', onDynalite));
    proofs.push(onDynalite);
  }
  for (const { counterexample } of proofs) {
    if (counterexample === undefined) continue;
    process.stdout.write(`\n${counterexampleOf(counterexample)}`);
    process.exitCode = 1;
  }
  if (asJson) process.stdout.write(`${JSON.stringify({ name: 'prove', proofs })}\n`);
}

const wanted = readArguments();
if (wanted === 'help') process.stdout.write(HELP);
else if (wanted instanceof Error) {
  process.stderr.write(`prove: ${wanted.message}\n\n${HELP}`);
  process.exitCode = BAD_USAGE;
} else await run(wanted);
