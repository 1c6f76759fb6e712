import type { BatchAction } from '../../shared/scale/batches.ts';
import { consent } from '../consent.ts';
import type { Context } from '../context.ts';
import type { Root } from '../root.ts';
import { changeBatch, showBatch } from './change-batch.ts';
import { consentForAll } from './consent.ts';
import { list } from './list.ts';
import { collect, refsOf } from './refs.ts';
import { type BatchOptions, run } from './run.ts';
import { watch } from './watch-command.ts';

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
  const change =
    (action: BatchAction) => async (_: unknown, command: { optsWithGlobals(): BatchOptions }) => {
      await run(context, command.optsWithGlobals(), {
        action,
        work: (dependencies, ref) => changeBatch(dependencies, action, ref),
      });
    };

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
    .action((_, command) => list(context, command.optsWithGlobals()));
  addChange(
    'finalize',
    'starts the work on a batch in staging; no tasks can be added to it any more',
  ).action(change('finalize'));
  addChange('pause', 'stops the work on unstarted tasks of a batch in progress').action(
    change('pause'),
  );
  addChange('resume', 'goes on with a paused batch').action(change('resume'));
  addChange('cancel', 'cancels a batch and its unstarted tasks, for good')
    .option('--yes', 'do not ask')
    .action(async (_, command) => {
      const options = command.optsWithGlobals();
      const confirm = consent(context, options.yes, 'cancelling');
      const isOne = refsOf(options).length === 1;
      const consented = () => Promise.resolve(true);
      await run(context, options, {
        action: 'cancel',
        work: (dependencies, ref) =>
          changeBatch({ ...dependencies, confirm: isOne ? confirm : consented }, 'cancel', ref),
        consent: (dependencies, refs, asFailure) =>
          consentForAll({ ...dependencies, confirm }, refs, asFailure),
      });
    });
  add('show', 'shows a batch and its tasks by status, and changes nothing at Scale')
    .option(
      '--track',
      'also track it in MirrorState, for instance one that was finalized elsewhere',
    )
    .addHelpText('after', MANY + example(`show ${EXAMPLE}`))
    .action(async (_, command) => {
      const options = command.optsWithGlobals();
      const isToBeTracked = options.track === true;
      await run(context, options, {
        action: 'show',
        work: (dependencies, ref) => showBatch(dependencies, ref, isToBeTracked),
      });
    });
  add('watch', 'shows the tasks of a batch here and at Scale, until it has ended and all are here')
    .option('--every <seconds>', 'how often to look', '10')
    .option('--grace <seconds>', 'how long tasks of an ended batch may be on their way', '60')
    .option('--for <seconds>', 'end after so long (without it: when the batch has ended)')
    .addHelpText('after', WATCH + example(`watch ${EXAMPLE}`))
    .action((_, command) => watch(context, command.optsWithGlobals()));
}
