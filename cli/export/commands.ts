import type { Context } from '../context.ts';
import type { Root } from '../root.ts';

const HELP = `
A line or row for each task: its head, the fields that the configuration lifts into it, and its document.
  jsonl    one JSON object a line; the document exactly as Scale gave it, numbers digit by digit
  csv      RFC 4180 with a header; the document as JSON text. Nothing is changed in a cell, also where a
           spreadsheet takes it for a formula: do not open an export of strangers' texts in one
  parquet  typed columns, the document as a column of JSON; compressed with Snappy, with --gzip with gzip

Each task is as it was at some moment between start and end. The file is there once it is whole: before that, what
was read is kept in FILE.partial, and after an interruption the same command goes on from it, for a day.

It says whether the mirror certainly has all tasks of the batch or project, which is what reconcile proves; with
--require-complete it fails where not, and writes nothing.

With --json: {"file", "format", "batch" or "project", "tasks", "bytes", "startedAt", "finishedAt",
"coverage": {"complete", "sources", "comparedAt", "reasons"}}.

Examples:
  $ npx task-mirror export --batch "2026-11 night" --format parquet --out night.parquet --stack ScaleTaskMirror
  $ npx task-mirror export --project "Street scenes" --status completed --local | jq .document.response

Exit codes: 0 done, 1 not done, or not complete though required, 2 wrong usage, 130 interrupted
(more: task-mirror --help)
`;

/** `task-mirror export`. */
export function addExportCommand(root: Root, context: Context): void {
  root
    .command('export')
    .description('writes the tasks of a batch or project, with their documents, as a file')
    .option('--batch <name>', 'the tasks of this batch')
    .option('--project <name>', 'or of this project')
    .option('--status <status>', 'only those of a status, such as completed')
    .option(
      '--completed-after <time>',
      'only those completed then or later, as 2026-11-01T00:00:00Z',
    )
    .option('--completed-before <time>', 'only those completed before')
    .option('--format <format>', 'jsonl, csv or parquet', 'jsonl')
    .option('--gzip', 'compress with gzip')
    .option('--out <file>', 'the file, which is replaced if it is there; - for stdout', '-')
    .option('--require-complete', 'fail where the mirror may lack some of the tasks')
    .addHelpText('after', HELP)
    .action(async (_, command) => {
      const { runExport } = await import('./run.ts');
      await runExport(context, command.optsWithGlobals());
    });
}
