import type { Context } from '../context.ts';
import type { Root } from '../root.ts';

const REBUILD_HELP = `
The fields are those that the worker of the mirror has: deploy (or start) with the new configuration first, and wait until
that has ended. Heads are written with the fields of their stored documents; neither their revision nor "changedAt"
moves, and no event is made. Broken off, it goes on where it was when it is run again, and then looks at all heads once more. It costs a read of the whole table,
a read of each document, and a write of each head that is behind.

With --json: {"outcome", "looked", "rebuilt", "current", "omitted", "failed", "failures": [{"taskId", "reason"}]}.

Exit codes: 0 all heads are up to date, 1 some failed, 2 wrong usage, 130 interrupted.

Example:
  $ npx task-mirror fields rebuild --stack ScaleTaskMirror
`;

const CHECK_HELP = `
Reads the whole table. Exit codes: 0 none is behind, 1 some are, 2 wrong usage. With --json: {"behind", "unreadable"}.

Example:
  $ npx task-mirror fields check --stack ScaleTaskMirror
`;

const TRY_HELP = `
With expressions it shows what these would give, else the configured fields. Nothing is written.

With --json: {"taskId", "api", "fields": {"<name>": {"kind": "value" | "absent" | "omitted", "value", "reason", "problem"}}};
"value" is as DynamoDB has it, {"S": "jane"}.

Examples:
  $ npx task-mirror fields try 5774cc78b01249ab09f089dd --stack ScaleTaskMirror
  $ npx task-mirror fields try 5774cc78b01249ab09f089dd "metadata.reviewer" "length(response.annotations)" --local
`;

const load = () => import('./run.ts');

/** `task-mirror fields ...`. */
export function addFieldsCommands(root: Root, context: Context): void {
  const fields = root
    .command('fields')
    .description('fills in, checks and tries the fields that are lifted out of documents');
  fields
    .command('rebuild')
    .description('lifts the configured fields out of all stored documents')
    .option('--rate <number>', 'at most so many heads in a second', '500')
    .option('--restart', 'from the beginning, also where the last run was broken off')
    .addHelpText('after', REBUILD_HELP)
    .action(async (_, command) => {
      await (await load()).rebuildFields(context, command.optsWithGlobals());
    });
  fields
    .command('check')
    .description('counts the heads whose fields are of another configuration')
    .addHelpText('after', CHECK_HELP)
    .action(async (_, command) => {
      await (await load()).checkFields(context, command.optsWithGlobals());
    });
  fields
    .command('try')
    .description('shows what fields or expressions give on a stored task')
    .argument('<task>', 'the id of a task')
    .argument('[expressions...]', 'JMESPath, instead of the configured fields')
    .addHelpText('after', TRY_HELP)
    .action(async (taskId, expressions, _, command) => {
      await (await load()).tryFields(context, taskId, expressions, command.optsWithGlobals());
    });
}
