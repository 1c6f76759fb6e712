import type { BatchAction } from '../../shared/scale/batches.ts';
import type { Context } from '../context.ts';
import { CommandFailure } from '../failure.ts';
import type { Root } from '../root.ts';
import { changeBatch, showBatch } from './change-batch.ts';
import { type BatchOptions, run } from './run.ts';

const EXAMPLE = '--name "2026-11 night" --stack ScaleTaskMirror';

const EXIT_CODES = 'Exit codes: 0 done, 1 not done, 2 wrong usage (more: task-mirror --help)';

const example = (command: string): string =>
  `\nExample:\n  $ npx task-mirror batch ${command} ${EXAMPLE}\n\n${EXIT_CODES}\n`;

/** `task-mirror batch ...`. */
export function addBatchCommands(root: Root, context: Context): void {
  const batch = root
    .command('batch')
    .description(
      "looks at a batch, or changes it at Scale and tracks it in the mirror's MirrorState",
    )
    .addHelpText('after', example('finalize'));
  const add = (name: string, description: string) =>
    batch
      .command(name)
      .description(description)
      .option('--id <id>', "the batch's id")
      .option('--name <name>', 'or its name')
      .addHelpText('after', example(name));
  const change =
    (action: BatchAction) => async (_: unknown, command: { optsWithGlobals(): BatchOptions }) => {
      await run(context, command.optsWithGlobals(), (work, ref) => changeBatch(work, action, ref));
    };

  add(
    'finalize',
    'starts the work on a batch in staging; no tasks can be added to it any more',
  ).action(change('finalize'));
  add('pause', 'stops the work on unstarted tasks of a batch in progress').action(change('pause'));
  add('resume', 'goes on with a paused batch').action(change('resume'));
  add('cancel', 'cancels a batch and its unstarted tasks, for good')
    .option('--yes', 'do not ask')
    .action(async (_, command) => {
      const options = command.optsWithGlobals();
      const confirm = consent(context, options.yes);
      await run(context, options, (work, ref) => changeBatch({ ...work, confirm }, 'cancel', ref));
    });
  add('show', 'shows a batch and its tasks by status, and changes nothing at Scale')
    .option(
      '--track',
      'also track it in MirrorState, for instance one that was finalized elsewhere',
    )
    .action(async (_, command) => {
      const options = command.optsWithGlobals();
      const isToBeTracked = options.track === true;
      await run(context, options, (work, ref) => showBatch(work, ref, isToBeTracked));
    });
}

/** How a command is asked whether it may do what cannot be undone. */
function consent({ ask }: Context, yes: true | undefined): (question: string) => Promise<boolean> {
  if (yes === true) return () => Promise.resolve(true);
  if (ask !== undefined) return ask;
  throw new CommandFailure(
    'usage',
    'cancelling cannot be undone, and nobody is there to be asked',
    {
      hint: 'run it in a terminal, or give --yes',
    },
  );
}
