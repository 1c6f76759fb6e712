import { parseArgs } from 'node:util';

import { type BackfillResult, backfillToTheEnd } from './backfill-to-the-end.ts';
import { invokeFunction } from './invoke-function.ts';
import { awsPort } from './settings.ts';

/** `npm run backfill`: one backfill now, on the stack that `npm start` runs, until it is finished. */

const HELP = `Usage: npm run backfill [-- --json]

Asks Scale for all tasks of the configured sources, now, on the stack that "npm start" runs.
It ends when every task is on its way to the table.

Options:
  --json   print one JSON object: {"outcome", "pages", "tasks"}
  --help   print this

Environment:
  AWS_PORT   where the stack listens for AWS calls (4566)

Exit codes: 0 finished, 1 failed, 2 wrong arguments.
`;

function readArguments(): { readonly json: boolean; readonly help: boolean } {
  const { values } = parseArgs({
    options: {
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  return values;
}

function summary({ outcome, pages, tasks }: BackfillResult): string {
  if (outcome === 'no key') return 'no backfill without an API key: set SCALE_API_KEY';
  return `backfill finished: ${String(tasks)} tasks in ${String(pages)} pages`;
}

async function main(): Promise<number> {
  let json: boolean;
  try {
    const options = readArguments();
    if (options.help) {
      process.stdout.write(HELP);
      return 0;
    }
    json = options.json;
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n\n${HELP}`);
    return 2;
  }
  try {
    const port = awsPort(process.env);
    if (port === 0) throw new Error('set AWS_PORT to the port that "npm start" has printed');
    const done = await backfillToTheEnd(
      () => invokeFunction(port, 'Backfill', { full: true }),
      (line) => process.stderr.write(`${line}\n`),
    );
    process.stdout.write(`${json ? JSON.stringify(done) : summary(done)}\n`);
    return done.outcome === 'finished' ? 0 : 1;
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    process.stderr.write(`backfill failed: ${message}\n`);
    return 1;
  }
}

process.exitCode = await main();
