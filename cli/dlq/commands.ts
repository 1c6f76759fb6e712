import type { Context } from '../context.ts';
import { CommandFailure, PartlyDone } from '../failure.ts';
import { tellOn } from '../output.ts';
import type { Root } from '../root.ts';
import { optionsOf, placeOf, type TargetOptions } from '../target.ts';
import { wholeNumber } from '../whole-number.ts';
import { withMirror } from '../with-mirror.ts';
import { listLetters } from './list-letters.ts';
import { redrive, type RedriveOptions } from './redrive.ts';
import { listToJson, listToText } from './report-list.ts';
import { redriveToJson, redriveToText } from './report-redrive.ts';

const HELP = `
A dead letter is a message that the worker could not process five times in a row. SQS keeps it for 14 days;
before they are over it is archived in the bucket, under dead-letters/, and is listed and sent from there.
`;

const LIST_HELP = `
A cause is where the message came from and the error that it failed with, such as callback/TypeError. Reading
hides a letter from others for a moment, two minutes if it is interrupted, and changes nothing.

Example:
  $ npx task-mirror dlq list --stack ScaleTaskMirror

Exit codes: 0 done, also where there are none, 1 not done, 2 wrong usage (more: task-mirror --help)
`;

const REDRIVE_HELP = `
A letter leaves the dead letters once the queue has confirmed that it took it. Interrupted, some may be sent
twice, which harms nobody: a task is stored once, and never replaced by what is older.

Example:
  $ npx task-mirror dlq redrive --cause callback/TypeError --dry-run --stack ScaleTaskMirror

Exit codes: 0 all that were meant are sent, 1 some are not, 2 wrong usage (more: task-mirror --help)
`;

interface ListOptions extends TargetOptions {
  readonly show?: true | undefined;
  readonly json?: true | undefined;
}

interface RedriveCommandOptions extends TargetOptions {
  readonly cause?: string | undefined;
  readonly dryRun?: true | undefined;
  readonly rate: string;
  readonly wait: string;
  readonly json?: true | undefined;
}

/** `task-mirror dlq ...`. */
export function addDlqCommands(root: Root, context: Context): void {
  const dlq = root
    .command('dlq')
    .description('looks at messages that nobody could process, and puts them back on the queue')
    .addHelpText('after', HELP + REDRIVE_HELP);
  dlq
    .command('list')
    .description('counts dead letters by cause, with their ages and tasks')
    .option('--show', 'also print each letter with its body, which may hold what nobody should see')
    .addHelpText('after', LIST_HELP)
    .action((_, command) => list(context, command.optsWithGlobals()));
  dlq
    .command('redrive')
    .description('puts dead letters back on the queue, once what made them fail is mended')
    .option('--cause <cause>', 'only those of a cause, as "dlq list" names it')
    .option('--dry-run', 'only count those that would be sent')
    .option('--rate <number>', 'at most so many in a second', '50')
    .option('--wait <seconds>', 'how long to look whether they are stored, 0 for not at all', '30')
    .addHelpText('after', REDRIVE_HELP)
    .action((_, command) => sendAgain(context, command.optsWithGlobals()));
}

async function list(context: Context, options: ListOptions): Promise<void> {
  const { env, clock, out } = context;
  const withBodies = options.show === true;
  await withMirror(context, options, async (mirror) => {
    const [deadLetters, bodies] = await Promise.all([mirror.deadLetters(), mirror.bodies()]);
    const signal = context.takeInterruption();
    const found = await listLetters({ deadLetters, bodies, signal }, withBodies);
    const place = optionsOf(placeOf(options, env));
    const redriveCommand = (cause: string) => `task-mirror dlq redrive --cause ${cause}${place}`;
    const text =
      options.json === true
        ? listToJson(found, withBodies)
        : listToText(found, clock.now(), redriveCommand);
    out(`${text}\n`);
  });
}

async function sendAgain(context: Context, given: RedriveCommandOptions): Promise<void> {
  const options = redriveOptions(given);
  const { clock, sleep, out } = context;
  const report = await withMirror(context, given, async (mirror) => {
    const [deadLetters, taskQueue, bodies, taskTable] = await Promise.all([
      mirror.deadLetters(),
      mirror.taskQueue(),
      mirror.bodies(),
      mirror.taskTable(),
    ]);
    const parts = { deadLetters, taskQueue, bodies, taskTable, clock, sleep };
    const signal = context.takeInterruption();
    return redrive({ ...parts, tell: tellOn(context), signal }, options);
  });
  const count = report.notSent.length;
  if (count > 0 && report.sent === 0) {
    const [first] = report.notSent;
    throw new CommandFailure(
      'failed',
      `none of ${String(count)} could be sent: ${first?.error ?? ''}`,
      {
        hint: 'they lie where they lay; try again later',
      },
    );
  }
  out(`${given.json === true ? redriveToJson(report, options) : redriveToText(report, options)}\n`);
  if (count > 0) throw new PartlyDone();
}

function redriveOptions({ cause, dryRun, rate, wait }: RedriveCommandOptions): RedriveOptions {
  if (cause === '') throw new CommandFailure('usage', '--cause needs a cause of "dlq list"');
  return {
    cause,
    isDryRun: dryRun === true,
    perSecond: wholeNumber('--rate', rate, { least: 1, most: 1_000 }),
    waitMs: wholeNumber('--wait', wait, { least: 0, most: 3_600 }) * 1_000,
  };
}
