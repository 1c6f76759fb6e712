import type { Context } from '../context.ts';
import type { Root } from '../root.ts';

const AFTER_HELP = `
It posts two callbacks: one with a wrong key, and a signed one for a task that does not exist, whose id begins with
"task-mirror-doctor-" and which is removed again.

With --json: {"checks": [{"name", "state", "message", "hint"}]}; a state is ok, skipped or failed.

Exit codes: 0 nothing failed, 1 something did, 2 wrong usage.

Example:
  $ npx task-mirror doctor --stack ScaleTaskMirror
`;

/** `task-mirror doctor`. */
export function addDoctorCommand(root: Root, context: Context): void {
  root
    .command('doctor')
    .description('checks a mirror from end to end, and says what to do for each failure')
    .addHelpText('after', AFTER_HELP)
    .action(async (_, command) => {
      const { runDoctor } = await import('./run.ts');
      await runDoctor(context, command.optsWithGlobals());
    });
}
