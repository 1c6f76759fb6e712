import type { Context } from '../context.ts';
import type { Root } from '../root.ts';

const EXIT_CODES = 'Exit codes: 0 done, 1 not done, 2 wrong usage (more: task-mirror --help)';

const example = (words: string): string =>
  `\nExample:\n  $ npx task-mirror unrecognised ${words} --stack ScaleTaskMirror\n\n${EXIT_CODES}\n`;

const REPLAY_HELP = `
A body goes through the queue once more, with the time at which it was first seen. It leaves unrecognised/ for
that, and is there again where it still is not understood.
`;

/** What the commands do is loaded once one of them runs: help answers at once. */
const load = () => import('./run.ts');

/** `task-mirror unrecognised ...`. */
export function addUnrecognisedCommands(root: Root, context: Context): void {
  const unrecognised = root
    .command('unrecognised')
    .description('looks at bodies that nobody understood, and sends them once more')
    .addHelpText('after', example('list'));
  unrecognised
    .command('list')
    .description('counts kept bodies by reason, with their times and keys')
    .addHelpText('after', example('list'))
    .action(async (_, command) => {
      await (await load()).list(context, command.optsWithGlobals());
    });
  unrecognised
    .command('show <key>')
    .description('says what is known of one')
    .option('--show', 'also print the body, which may hold what nobody should see')
    .addHelpText('after', example('show unrecognised/2026-11-21/0a1b --show'))
    .action(async (key, _, command) => {
      await (await load()).show(context, key, command.optsWithGlobals());
    });
  unrecognised
    .command('replay [keys...]')
    .description('sends bodies through the queue once more, once a new version understands them')
    .option('--reason <reason>', 'those kept for a reason, as "unrecognised list" names it')
    .option('--all', 'all of them')
    .option('--dry-run', 'only count those that would be sent')
    .option('--rate <number>', 'at most so many in a second', '20')
    .option('--wait <seconds>', 'how long to look what becomes of them, 0 for not at all', '30')
    .addHelpText('after', REPLAY_HELP + example('replay --reason "no task"'))
    .action(async (keys, _, command) => {
      await (await load()).sendAgain(context, keys, command.optsWithGlobals());
    });
}
