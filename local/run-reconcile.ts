import { parseArgs } from 'node:util';

import {
  type ReconcileResult,
  reconcileToTheEnd,
  type SourceReport,
} from './reconcile-to-the-end.ts';
import { findStack } from './running-stack.ts';
import { awsPort } from './settings.ts';

/** `npm run reconcile`: one reconcile now, on the stack that `npm start` runs, until it is finished. */

const HELP = `Usage: npm run reconcile [-- --json]

Compares all tasks of the configured sources at Scale with those in the table, now, on the stack that
"npm start" runs. What is not equal is on its way to be mended when it ends.

Options:
  --json   print one JSON object: {"outcome", "reports": [{"source", "atScale", "here", "missing",
           "overdue", "differing", "open", "gone", "idsKey"}]}; "idsKey" is the object in the bucket
           that holds the ids
  --help   print this

Environment:
  AWS_PORT   where the stack listens for AWS calls (4566)

Exit codes: 0 everything was compared, whatever it found; 1 failed; 2 wrong arguments.
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

function summary({ outcome, reports }: ReconcileResult): string {
  if (outcome === 'no key') return 'no reconcile without an API key: set SCALE_API_KEY';
  return [`reconcile finished: ${String(reports.length)} sources`, ...reports.map(line)].join('\n');
}

function line({ source, atScale, here, missing, differing, open, gone, ...rest }: SourceReport) {
  const lost = rest.deliveries && { 'callbacks lost': rest.deliveries.lost };
  const counts = { 'at Scale': atScale, here, missing, differing, open, gone, ...lost };
  const words = Object.entries(counts).map(([name, count]) => `${String(count ?? '?')} ${name}`);
  return `  ${source}: ${words.join(', ')}`;
}

async function main(): Promise<number> {
  let options: ReturnType<typeof readArguments>;
  try {
    options = readArguments();
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n\n${HELP}`);
    return 2;
  }
  if (options.help) {
    process.stdout.write(HELP);
    return 0;
  }
  try {
    const stack = await findStack(awsPort(process.env));
    const done = await reconcileToTheEnd(
      (event) => stack.invoke('Reconcile', event),
      (text) => process.stderr.write(`${text}\n`),
    );
    process.stdout.write(`${options.json ? JSON.stringify(done) : summary(done)}\n`);
    return done.outcome === 'finished' ? 0 : 1;
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    process.stderr.write(`reconcile failed: ${message}\n`);
    return 1;
  }
}

process.exitCode = await main();
