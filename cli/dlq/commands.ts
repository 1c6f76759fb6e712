import type { Context } from '../context.ts';
import type { Root } from '../root.ts';

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

/** What the commands do is loaded once one of them runs: help answers at once. */
const load = () => import('./run.ts');

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
    .action(async (_, command) => {
      await (await load()).list(context, command.optsWithGlobals());
    });
  dlq
    .command('redrive')
    .description('puts dead letters back on the queue, once what made them fail is mended')
    .option('--cause <cause>', 'only those of a cause, as "dlq list" names it')
    .option('--dry-run', 'only count those that would be sent')
    .option('--rate <number>', 'at most so many in a second', '50')
    .option('--wait <seconds>', 'how long to look whether they are stored, 0 for not at all', '30')
    .addHelpText('after', REDRIVE_HELP)
    .action(async (_, command) => {
      await (await load()).sendAgain(context, command.optsWithGlobals());
    });
}
