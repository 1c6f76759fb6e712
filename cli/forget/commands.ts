import type { Context } from '../context.ts';
import type { Root } from '../root.ts';

const AFTER_HELP = `
It removes the head of each task, all its documents and their objects, and every dead letter and unrecognised body
in which the task is named. A marker with nothing but the id stays, so that no callback, no backfill and no redrive
brings the task back. It cannot be undone.

What is left: the id in reports of reconcile and in logs (one month), and backups: point-in-time recovery of the table
goes back 35 days. At Scale nothing is changed.

With --json: {"tasks": [{"taskId", "hadHead", "documents", "objects"}], "deadLetters", "unrecognised"}.

Example:
  $ npx task-mirror forget 5774cc78b01249ab09f089dd --stack ScaleTaskMirror
`;

/** `task-mirror forget`. */
export function addForgetCommand(root: Root, context: Context): void {
  root
    .command('forget')
    .description('removes all that the mirror holds of some tasks, and keeps them from coming back')
    .argument('<task...>', 'ids of tasks')
    .option('--yes', 'do not ask')
    .addHelpText('after', AFTER_HELP)
    .action(async (taskIds, _, command) => {
      const { forgetTasks } = await import('./run.ts');
      await forgetTasks(context, [...new Set(taskIds)], command.optsWithGlobals());
    });
}
