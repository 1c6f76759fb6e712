import type { Context } from '../context.ts';
import type { Root } from '../root.ts';

const HELP = `
The states that a task was in, the newest first: in which time Scale certainly held each (it may have before and after), how that was seen
(callback: Scale announced it; backfill: a list showed it; confirm: it was read to settle a doubt), its status, and its
document. * marks the one that counts. Those that have expired (history.expireAfter) are left out. --json prints a line for each,
with --documents also its text, exactly as Scale gave it.

Examples:
  $ npx task-mirror history 6501b9e3 --stack ScaleTaskMirror
  $ npx task-mirror history 6501b9e3 --documents --json --local | jq -r '.text'

Exit codes: 0 shown, 1 the task is not here, or could not be read, 2 wrong usage (more: task-mirror --help)
`;

/** `task-mirror history`. */
export function addHistoryCommand(root: Root, context: Context): void {
  root
    .command('history')
    .description('shows the states that a task was in, and how each was seen')
    .argument('<task>', 'its id')
    .option('--documents', 'with the texts of the documents')
    .addHelpText('after', HELP)
    .action(async (task, _, command) => {
      const { showHistory } = await import('./run.ts');
      await showHistory(context, task, command.optsWithGlobals());
    });
}
