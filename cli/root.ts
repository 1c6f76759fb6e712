import { Command } from '@commander-js/extra-typings';

import type { Context } from './context.ts';

const AFTER_HELP = `
Where it works:
  --local         the stack that "npm start" runs on this machine, found by AWS_PORT (4566)
  --stack NAME    a deployed stack, by your AWS credentials; Scale's API key is that of the
                  stack's secret, unless SCALE_API_KEY is set
  neither         the mirror that these variables name, where any of them is set (a command needs
                  those of the parts that it uses; endpoints, region and credentials are AWS's own
                  AWS_ENDPOINT_URL, AWS_REGION, ...):
                    TASKS_TABLE_NAME, MIRROR_STATE_TABLE_NAME, BODIES_BUCKET_NAME,
                    TASK_QUEUE_URL, TASK_DEAD_LETTERS_URL, API_KEY_SECRET_ID,
                    CALLBACK_KEYS_SECRET_ID, BACKFILL_FUNCTION_NAME, RECONCILE_FUNCTION_NAME, FIELDS
  else            Scale alone, by SCALE_API_KEY: nothing is tracked
  SCALE_API_URL   where Scale's API is (https://api.scale.com); not used with --local

Exit codes:
  0    done
  1    not done, or not all: refused, wrong status, not found, unreachable, or not certain
  2    wrong usage, or no API key or AWS credentials; nothing was asked of Scale
  130  interrupted

With --json the result, or {"error": {"code", "message", "hint"}}, is one object on stdout; get, list, history
and changes print one for each task, a line each.

Examples:
  $ npx task-mirror batch finalize --name "2026-11 night" --stack ScaleTaskMirror
  $ npx task-mirror batch show --id batch_123 --local --json
  $ npx task-mirror dlq list --stack ScaleTaskMirror
  $ npx task-mirror list --batch "2026-11 night" --status completed --stack ScaleTaskMirror
`;

/** The command line without its commands: the options that all of them take. */
export function createRoot(context: Context) {
  return new Command('task-mirror')
    .description('Operates a Scale Task Mirror, and Scale beside it.')
    .version(context.version)
    .option('--local', 'the stack that "npm start" runs on this machine')
    .option('--stack <name>', 'a deployed stack')
    .option('--region <region>', 'its AWS region')
    .option('--profile <profile>', 'your AWS profile for it')
    .option('--json', 'print JSON: one object, or a line for each task')
    .option('--verbose', 'show on stderr which calls are made')
    .exitOverride()
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({
      writeOut: context.out,
      writeErr: context.err,
      // Failures of all kinds are written in one place.
      outputError: () => undefined,
    })
    .addHelpText('after', AFTER_HELP);
}

export type Root = ReturnType<typeof createRoot>;
