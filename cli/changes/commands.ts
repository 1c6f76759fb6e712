import type { Context } from '../context.ts';
import type { Root } from '../root.ts';

const HELP = `
Each task that has changed since a cursor or a time, in its latest state, the oldest change first, until 30 seconds ago (several
writers stamp changes, each before its write). Nothing is lost; a change may come twice: drop what is not above the revision
that you have of the task. What lay between two looks is in "task-mirror history". --json prints JSON lines.

Without --project: the projects that the mirror has ids of, and the configured ones. A project that only callbacks of Scale's v1 name
has to be named. One that turns up later is read from its beginning then: --cursor and --follow know which were read, --since
does not.

Where to go on:
  --cursor FILE   keeps the position in a file, written whole or not at all, once the lines before it are written. Enough for a file
                  or a terminal; a program behind a pipe may die with lines that it has not read
  --run COMMAND   for programs: each group of changes goes as JSON lines to the input of COMMAND (by sh), and the position is kept only
                  once it ends with 0. If it fails, that is exit code 1, and the same changes come again the next time
  cursor          stands in each JSON line, for a program that keeps the position itself, with what it has done: --since CURSOR

Examples:
  $ npx task-mirror changes --project "Street scenes" --since 2026-11-21 --stack ScaleTaskMirror
  $ npx task-mirror changes --project "Street scenes" --follow --cursor ./cursor --run ./load.sh --stack ScaleTaskMirror
  $ npx task-mirror changes --json --local | jq -r .taskId

Exit codes: 0 all shown, 1 could not be read, or COMMAND failed, 2 wrong usage, 130 interrupted (more: task-mirror --help)
`;

/** `task-mirror changes`. */
export function addChangesCommand(root: Root, context: Context): void {
  root
    .command('changes')
    .description('shows which tasks have changed, and goes on where it was')
    .option('--project <name>', 'of a project; again for each further one', collect)
    .option('--since <cursor or time>', 'since then (without it: from the beginning)')
    .option('--cursor <file>', 'go on where this file says, and keep the position there')
    .option(
      '--run <command>',
      'hand the changes to this command, and go on when it has done with them',
    )
    .option('--follow', 'go on until Ctrl-C')
    .option('--every <seconds>', 'with --follow: how often to look', '10')
    .addHelpText('after', HELP)
    .action(async (_, command) => {
      const { showChanges } = await import('./run.ts');
      await showChanges(context, command.optsWithGlobals());
    });
}

function collect(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value];
}
