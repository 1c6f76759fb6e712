import type { BatchAction } from '../../shared/scale/batches.ts';
import type { Context } from '../context.ts';
import type { Root } from '../root.ts';
import { collect } from './refs.ts';

const EXAMPLE = '--name "2026-11 night" --stack ScaleTaskMirror';

const EXIT_CODES =
  'Exit codes: 0 all done, 1 not done, or not all, 2 wrong usage, 130 interrupted (more: task-mirror --help)';

const MANY = `
--id or --name may be given again for each further batch. What fails for one is listed and keeps none of the
others; with --json the result of several is {"action", "batches", "failed", "notTried"}.
`;

const WAIT = `
Pause, resume and cancel are accepted first and done later; --wait looks until they are.
`;

const WATCH = `
A line is printed whenever a count changes. A batch that has ended while tasks are still missing here after --grace
is exit code 1; "task-mirror reconcile" has the mirror ask Scale for them. Where Scale's v1 API does not count the tasks
of the batch they are listed once it has ended. It compares counts; reconcile compares the tasks themselves.
`;

/** What the commands do is loaded once one of them runs: help answers at once. */
const load = () => import('./run-commands.ts');

const example = (command: string): string =>
  `\nExample:\n  $ npx task-mirror batch ${command}\n\n${EXIT_CODES}\n`;

/** `task-mirror batch ...`. */
export function addBatchCommands(root: Root, context: Context): void {
  const batch = root
    .command('batch')
    .description(
      "looks at batches, or changes them at Scale and tracks them in the mirror's MirrorState",
    )
    .addHelpText('after', example(`finalize ${EXAMPLE}`));
  const add = (name: string, description: string) =>
    batch
      .command(name)
      .description(description)
      .option('--id <id>', "a batch's id; again for each further one", collect)
      .option('--name <name>', 'or its name', collect);
  const addChange = (name: string, description: string) =>
    add(name, description)
      .option('--wait [seconds]', 'wait until Scale has done it, for 300 seconds at most')
      .addHelpText('after', MANY + WAIT + example(`${name} ${EXAMPLE} --wait`));
  const addPlainChange = (action: BatchAction, description: string) =>
    addChange(action, description).action(async (_, command) => {
      await (await load()).change(context, command.optsWithGlobals(), action);
    });

  batch
    .command('list')
    .description('lists batches as Scale does')
    .option('--project <name>', 'only those of a project')
    .option(
      '--status <status>',
      'only those of a status: staging, in_progress, paused, completed, cancelled',
    )
    .option('--limit <number>', 'at most so many', '100')
    .addHelpText('after', example('list --status in_progress --stack ScaleTaskMirror'))
    .action(async (_, command) => {
      const { list } = await import('./list.ts');
      await list(context, command.optsWithGlobals());
    });
  addPlainChange(
    'finalize',
    'starts the work on a batch in staging; no tasks can be added to it any more',
  );
  addPlainChange('pause', 'stops the work on unstarted tasks of a batch in progress');
  addPlainChange('resume', 'goes on with a paused batch');
  addChange('cancel', 'cancels a batch and its unstarted tasks, for good')
    .option('--yes', 'do not ask')
    .action(async (_, command) => {
      await (await load()).cancel(context, command.optsWithGlobals());
    });
  add('show', 'shows a batch and its tasks by status, and changes nothing at Scale')
    .option(
      '--track',
      'also track it in MirrorState, for instance one that was finalized elsewhere',
    )
    .addHelpText('after', MANY + example(`show ${EXAMPLE}`))
    .action(async (_, command) => {
      await (await load()).show(context, command.optsWithGlobals());
    });
  add('watch', 'shows the tasks of a batch here and at Scale, until it has ended and all are here')
    .option('--every <seconds>', 'how often to look', '10')
    .option('--grace <seconds>', 'how long tasks of an ended batch may be on their way', '60')
    .option('--for <seconds>', 'end after so long (without it: when the batch has ended)')
    .addHelpText('after', WATCH + example(`watch ${EXAMPLE}`))
    .action(async (_, command) => {
      const { watch } = await import('./watch-command.ts');
      await watch(context, command.optsWithGlobals());
    });
}
