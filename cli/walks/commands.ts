import type { Context } from '../context.ts';
import type { Root } from '../root.ts';

const BACKFILL_HELP = `
It ends when every task is on its way to the table, with a progress bar where there is a terminal. Broken off, it
goes on where it was when it is run again, or by the schedule. A range never disturbs the schedule's position.

With --json: {"outcome", "pages", "tasks"}.

Examples:
  $ npx task-mirror backfill --stack ScaleTaskMirror
  $ npx task-mirror backfill --project "Street scenes" --from 2026-11-01T00:00:00Z --to 2026-11-08T00:00:00Z --local
`;

const RECONCILE_HELP = `
What is not equal is on its way to be mended when it ends. Broken off, it goes on by the schedule.

With --json: {"outcome", "reports": [{"source", "isComplete", "atScale", "here", "missing", "overdue", "differing",
"open", "gone", "deliveries", "idsKey"}]}; "idsKey" is the object in the bucket that holds the ids.

Exit codes: 0 everything was compared, whatever it found; 1 failed; 2 wrong usage.

Example:
  $ npx task-mirror reconcile --stack ScaleTaskMirror
`;

/** `task-mirror backfill` and `task-mirror reconcile`. */
export function addWalkCommands(root: Root, context: Context): void {
  root
    .command('backfill')
    .description('asks Scale for all tasks of the configured sources, of every status, now')
    .option('--project <name>', 'only of this project of the configuration')
    .option('--batch <name>', 'only of this batch of the configuration')
    .option('--all', 'of all sources (as without --project and --batch)')
    .option('--from <time>', 'only what was completed since; also what is covered already')
    .option('--to <time>', 'only what was completed until then (now)')
    .addHelpText('after', BACKFILL_HELP)
    .action(async (_, command) => {
      const { runBackfill } = await import('./run-backfill.ts');
      await runBackfill(context, command.optsWithGlobals());
    });
  root
    .command('reconcile')
    .description('compares all tasks of the configured sources at Scale with those here, now')
    .option('--project <name>', 'only of this project of the configuration')
    .option('--batch <name>', 'only of this batch of the configuration')
    .addHelpText('after', RECONCILE_HELP)
    .action(async (_, command) => {
      const { runReconcile } = await import('./run-reconcile.ts');
      await runReconcile(context, command.optsWithGlobals());
    });
}
