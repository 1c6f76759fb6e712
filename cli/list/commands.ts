import type { Context } from '../context.ts';
import type { Root } from '../root.ts';

const HELP = `
The tasks that the mirror has: open ones (pending, error) first, then the others by status and time of completion.
--completed-after is in the span, --completed-before is not; times are ISO 8601 (2026-11-21, 2026-11-21T08:00:00Z).
With --status only that part of the index is read. A line is printed as soon as it is read, so that it goes well into a pipe; --json prints JSON lines.

Examples:
  $ npx task-mirror list --batch "2026-11 night" --status completed --stack ScaleTaskMirror
  $ npx task-mirror list --project "Street scenes" --status completed --completed-after 2026-11-01 --json --local | wc -l

Exit codes: 0 listed (also where there are none), 1 could not be read, 2 wrong usage (more: task-mirror --help)
`;

/** `task-mirror list`. */
export function addListCommand(root: Root, context: Context): void {
  root
    .command('list')
    .description('lists tasks of a batch or project as the mirror has them')
    .option('--batch <name>', 'those of a batch')
    .option('--project <name>', 'or of a project')
    .option('--status <status>', 'of this status: pending, completed, canceled, error, deleted')
    .option('--completed-after <time>', 'completed at this time or later')
    .option('--completed-before <time>', 'completed before this time')
    .option('--heads', 'with all that the heads know, at one read unit a task')
    .option('--limit <number>', 'at most so many')
    .addHelpText('after', HELP)
    .action(async (_, command) => {
      const { list } = await import('./run.ts');
      await list(context, command.optsWithGlobals());
    });
}
