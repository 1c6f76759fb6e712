import { parseArgs } from 'node:util';

import { parseTime } from '../shared/observations/times.ts';
import { toIso } from '../shared/platform/iso.ts';
import { type BackfillResult, backfillToTheEnd } from './backfill-to-the-end.ts';
import { findStack } from './running-stack.ts';
import { awsPort } from './settings.ts';
import { showProgress } from './show-progress.ts';

/** `npm run backfill`: one backfill now, on the stack that `npm start` runs, until it is finished. */

const HELP = `Usage: npm run backfill [-- --from TIME --to TIME] [-- --json]

Asks Scale for all tasks of the configured sources, now, on the stack that "npm start" runs.
It ends when every task is on its way to the table. Broken off, it goes on where it was when it is run
again, or by the schedule.

Options:
  --from TIME  only what was completed since, as 2026-11-01T00:00:00Z; also what is covered already
  --to TIME    only what was completed until then (now)
  --json       print one JSON object: {"outcome", "pages", "tasks"}
  --help       print this

Environment:
  AWS_PORT   where the stack listens for AWS calls (4566)

Exit codes: 0 finished, 1 failed, 2 wrong arguments.

Example: npm run backfill -- --from 2026-11-01T00:00:00Z --to 2026-11-08T00:00:00Z
`;

const BAD_USAGE = 2;

interface Wanted {
  /** The event of the function. */
  readonly event: object;
  readonly asJson: boolean;
}

function readArguments(): Wanted | 'help' {
  const { values } = parseArgs({
    options: {
      from: { type: 'string' },
      to: { type: 'string' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return 'help';
  return { event: eventOf(values.from, values.to), asJson: values.json };
}

function eventOf(from: string | undefined, to: string | undefined): object {
  if (from === undefined && to === undefined) return { full: true };
  const askedAt = toIso(Date.now());
  const until = to === undefined ? Date.now() : timeOf('--to', to);
  const since = from === undefined ? undefined : timeOf('--from', from);
  if (since !== undefined && since >= until) throw new Error('--from has to be before --to');
  return { ...(since !== undefined && { from: toIso(since) }), to: toIso(until), askedAt };
}

function timeOf(option: string, text: string): number {
  const time = parseTime(/^\d{4}-\d\d-\d\d$/.test(text) ? `${text}T00:00:00Z` : text);
  if (time === undefined) {
    throw new Error(`${option} has to be a time, as 2026-11-01T00:00:00Z, not "${text}"`);
  }
  return time;
}

function summary({ outcome, pages, tasks }: BackfillResult): string {
  if (outcome === 'no key') return 'no backfill without an API key: set SCALE_API_KEY';
  return `backfill finished: ${String(tasks)} tasks in ${String(pages)} pages`;
}

async function run({ event, asJson }: Wanted): Promise<number> {
  const stack = await findStack(awsPort(process.env));
  const progress = showProgress('backfill', stack.dynamodbUrl, Date.now());
  try {
    const done = await backfillToTheEnd(
      () => stack.invoke('Backfill', event),
      (line) => process.stderr.write(`${line}\n`),
    );
    process.stdout.write(`${asJson ? JSON.stringify(done) : summary(done)}\n`);
    return done.outcome === 'finished' ? 0 : 1;
  } finally {
    progress.stop();
  }
}

async function main(): Promise<number> {
  let wanted: Wanted | 'help';
  try {
    wanted = readArguments();
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n\n${HELP}`);
    return BAD_USAGE;
  }
  if (wanted === 'help') {
    process.stdout.write(HELP);
    return 0;
  }
  try {
    return await run(wanted);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    process.stderr.write(`backfill failed: ${message.replace(/^backfill failed for /, '')}\n`);
    return 1;
  }
}

process.exitCode = await main();
