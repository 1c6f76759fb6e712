import { CommanderError } from '@commander-js/extra-typings';

import { addBatchCommands } from './batch/commands.ts';
import { addChangesCommand } from './changes/commands.ts';
import type { Context } from './context.ts';
import { addCostCommand } from './cost/commands.ts';
import { addDoctorCommand } from './doctor/commands.ts';
import { addDlqCommands } from './dlq/commands.ts';
import { addExportCommand } from './export/commands.ts';
import { CommandFailure, Interrupted, PartlyDone } from './failure.ts';
import { addGetCommand } from './get/commands.ts';
import { addKeysCommands } from './keys/commands.ts';
import { writeFailure } from './output.ts';
import { addResendCommand } from './resend/commands.ts';
import { addHistoryCommand } from './history/commands.ts';
import { addListCommand } from './list/commands.ts';
import { createRoot } from './root.ts';
import { addFieldsCommands } from './fields/commands.ts';
import { addForgetCommand } from './forget/commands.ts';
import { addStatusCommand } from './status/commands.ts';
import { addWalkCommands } from './walks/commands.ts';
import { addUnrecognisedCommands } from './unrecognised/commands.ts';

/** Runs one command; answers the exit code. Nothing gets out as an exception. */
export async function runCli(args: readonly string[], context: Context): Promise<number> {
  try {
    const root = createRoot(context);
    addGetCommand(root, context);
    addListCommand(root, context);
    addHistoryCommand(root, context);
    addChangesCommand(root, context);
    addBatchCommands(root, context);
    addResendCommand(root, context);
    addKeysCommands(root, context);
    addStatusCommand(root, context);
    addDoctorCommand(root, context);
    addForgetCommand(root, context);
    addWalkCommands(root, context);
    addFieldsCommands(root, context);
    addExportCommand(root, context);
    addDlqCommands(root, context);
    addUnrecognisedCommands(root, context);
    addCostCommand(root, context);
    await root.parseAsync(args, { from: 'user' });
    return 0;
  } catch (error) {
    // Help and version are written already.
    if (error instanceof CommanderError && error.exitCode === 0) return 0;
    if (error instanceof PartlyDone) return 1;
    if (error instanceof Interrupted) return 130;
    const failure = asFailure(error);
    const asJson = args.includes('--json');
    if (asJson || !isHelp(error)) writeFailure(context, failure, asJson);
    return failure.exitCode;
  }
}

/** Without a command the help is written, to stderr. */
function isHelp(error: unknown): boolean {
  return error instanceof CommanderError && error.code === 'commander.help';
}

function asFailure(error: unknown): CommandFailure {
  if (error instanceof CommandFailure) return error;
  const message = error instanceof Error ? error.message : String(error);
  if (!(error instanceof CommanderError)) {
    return new CommandFailure('failed', `unexpected: ${message}`, { cause: error });
  }
  const what = isHelp(error) ? 'a command is missing' : message;
  return new CommandFailure('usage', what.replace(/^error: /, ''), {
    hint: 'add --help to see what it takes',
    cause: error,
  });
}
