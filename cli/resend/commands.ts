import type { Context } from '../context.ts';
import type { Root } from '../root.ts';

const HELP = `
A callback that is sent again carries the data that it had at first, even if the task has changed since (the mirror
knows, and never goes back). To repair a mirror "task-mirror backfill" is better: it reads tasks as they are now.
Only completed and errored tasks have a callback to send. Scale sends to the callback_url of the task.

  --missing       tasks that Scale lists in the batch and that have no head here
  --undelivered   tasks of which Scale's v1 API does not say that their callback was delivered; for a
                  day after the completion Scale may still be trying by itself

What is proven: "stored" tasks have been written here since (one that was missing may also have come by a backfill).
"delivered" means that Scale had not got a 2xx for the task's callback before and has now: if the
task's callback_url is that of this mirror, it is durable here. A callback that was delivered once already
leaves no trace when it comes again, neither here nor at Scale: it is called unproven. When deployed, the metric
CallbackAccepted counts it.

Examples:
  $ npx task-mirror resend 6501b9e3 6501b9e4 --stack ScaleTaskMirror
  $ npx task-mirror resend --batch "2026-11 night" --missing --dry-run --stack ScaleTaskMirror

Exit codes: 0 all sent; 1 some not sent, or not arrived though it would show; 2 wrong usage; 130 interrupted, with
what was sent (more: task-mirror --help)
`;

/** `task-mirror resend`. */
export function addResendCommand(root: Root, context: Context): void {
  root
    .command('resend')
    .description('has Scale send callbacks of tasks once more')
    .argument('[tasks...]', 'ids of tasks')
    .option('--batch <batch>', 'or tasks of a batch, by its name or id')
    .option('--missing', 'those that are not here')
    .option('--undelivered', 'those whose callback was not delivered, by what Scale says')
    .option('--dry-run', 'only say which they are')
    .option('--rate <number>', 'at most so many in a second, 1 to 10', '5')
    .option('--wait <seconds>', 'how long to look whether they arrive, 0 for not at all', '60')
    .addHelpText('after', HELP)
    .action(async (tasks, _, command) => {
      // Loaded once it runs: help answers at once.
      const { resend } = await import('./run.ts');
      await resend(context, tasks, command.optsWithGlobals());
    });
}
