import type { Context } from '../context.ts';
import type { Root } from '../root.ts';

const AFTER_HELP = `
It says of each source which stage it is in:
  callbacks  what Scale announces is stored; nothing was read yet
  backfill   its history is being read for the first time
  reconcile  all of it was read once; it was not compared with Scale yet
  mirrored   it was compared to the end; what was found and mended stands beside

Callbacks are counted by CloudWatch, or by the stack on this machine since it was started.

Example:
  $ npx task-mirror status --stack ScaleTaskMirror
`;

/** `task-mirror status`. */
export function addStatusCommand(root: Root, context: Context): void {
  root
    .command('status')
    .description('shows on one screen whether callbacks come in, are stored, and what is proven')
    .addHelpText('after', AFTER_HELP)
    .action(async (_, command) => {
      const { showStatus } = await import('./run.ts');
      await showStatus(context, command.optsWithGlobals());
    });
}
