import { spawnSync } from 'node:child_process';
import { parseArgs } from 'node:util';

import type { Environment } from '../shared/platform/env.ts';
import { benchBackfill } from './backfill/bench.ts';
import { benchCli } from './cli.ts';
import { benchCost } from './cost.ts';
import { benchIngest } from './cold/bench.ts';
import { benchEmbedded } from './embedded.ts';
import { benchExport } from './export/bench.ts';
import { benchRead } from './read/bench.ts';
import { benchProve } from './prove.ts';
import { benchReconcile } from './reconcile.ts';
import { benchResend } from './resend.ts';
import { keep } from './keep.ts';
import { type BenchResult, formatTable } from './result.ts';
import { benchScaling } from './scaling/bench.ts';
import { benchWorker } from './worker/bench.ts';

/** `npm run bench`: measures one part, or all of them, and prints tables. */

const benchmarks: Readonly<Record<string, (environment: Environment) => Promise<BenchResult>>> = {
  embedded: benchEmbedded,
  export: benchExport,
  backfill: benchBackfill,
  cli: benchCli,
  cost: benchCost,
  ingest: benchIngest,
  prove: benchProve,
  read: benchRead,
  reconcile: benchReconcile,
  resend: benchResend,
  scaling: benchScaling,
  worker: benchWorker,
};

const HELP = `Usage: npm run bench -- [NAME] [--json] [--keep]

Without a name all run, one after the other (about 15 minutes), and are kept.

Benchmarks:
  backfill   10,000 tasks from a Scale that takes 120 ms a page: one walk, slices, and the common script
  cli        the command line: time to its help, and to the status of a running stack
  cost       what a callback of 5, 50 and 300 KB costs beside the plain design, by the units that AWS bills
  embedded   the stack of "npm start": time to ready, callbacks stored per second, memory
  export     100,000 tasks of a batch as JSON lines, CSV and Parquet: memory and time
  ingest     cold starts beside what others would deploy, 500 warm calls, memory; loopback TLS in place of AWS
  prove      random histories by the rule alone and through the worker, and confirms on everyday ones
  read       10,000 documents of a batch: the reader, raw BatchGetItem, GetItem one by one; its import
  reconcile  a million tasks compared with a table, over several invocations: time and memory
  resend     1,000 callbacks sent again by a Scale that refuses every seventh call: none may be lost
  scaling    a burst of a million callbacks through the limits of AWS, simulated; writes the tables of docs/scaling.md
  worker     CPU of a batch of ten, of 5, 50 and 300 KB, beside the DocumentClient with nested maps

Options:
  --json   the last line of each is one object: {"name", "ratios", "figures"}
  --keep   write results and a plot into docs/bench/
  --help   print this
`;

const { values, positionals } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    keep: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
  allowPositionals: true,
});
const [name] = positionals;
const benchmark = benchmarks[name ?? ''];
if (values.help) {
  process.stdout.write(HELP);
} else if (name === undefined) {
  process.exitCode = runAll();
} else if (benchmark === undefined) {
  process.stderr.write(HELP);
  process.exitCode = 2;
} else {
  const result = await benchmark(process.env);
  process.stdout.write(formatTable(result));
  if (values.keep) await keep(result);
  if (values.json) {
    const { ratios, figures } = result;
    process.stdout.write(`${JSON.stringify({ name, ratios, figures })}\n`);
  }
}

/** Each in a process of its own, one after the other: what one leaves behind must not slow the next. */
function runAll(): number {
  const failed = Object.keys(benchmarks).filter((one) => {
    process.stderr.write(`running ${one}\n`);
    const args = [import.meta.filename, one, '--keep', ...(values.json ? ['--json'] : [])];
    return spawnSync(process.execPath, args, { stdio: 'inherit' }).status !== 0;
  });
  if (failed.length > 0) process.stderr.write(`failed: ${failed.join(', ')}\n`);
  return failed.length > 0 ? 1 : 0;
}
