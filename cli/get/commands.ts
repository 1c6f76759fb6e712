import type { Context } from '../context.ts';
import type { Root } from '../root.ts';

const HELP = `
Shows a task as it is now: its head, and its document exactly as Scale gave it, byte for byte.

--json prints a line for each task: {"head": {...}, "document": {"api", "text", "sha256", ...}}, where "text" holds the
document as a string, so that no JSON parser touches its numbers; one that is not here is
{"taskId", "error": {"code", "message"}}. --document prints the text and, into a pipe, nothing else.

Examples:
  $ npx task-mirror get 6501b9e3 --stack ScaleTaskMirror
  $ npx task-mirror get 6501b9e3 --document --local | jq .threads
  $ npx task-mirror list --batch night --json --local | jq -r .taskId | xargs npx task-mirror get --json --local

Exit codes: 0 all shown, 1 some are not here or could not be read, 2 wrong usage (more: task-mirror --help)
`;

/** `task-mirror get`. */
export function addGetCommand(root: Root, context: Context): void {
  root
    .command('get')
    .description('shows tasks: what is known of each, and the document exactly as Scale gave it')
    .argument('<tasks...>', 'ids of tasks')
    .option('--head', 'only the head, at one read unit a task')
    .option('--document', 'only the text of the document')
    .addHelpText('after', HELP)
    .action(async (tasks, _, command) => {
      // Loaded once it runs: help answers at once.
      const { get } = await import('./run.ts');
      await get(context, tasks, command.optsWithGlobals());
    });
}
