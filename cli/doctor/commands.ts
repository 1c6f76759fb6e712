import type { Context } from '../context.ts';
import { PartlyDone } from '../failure.ts';
import { printable } from '../output.ts';
import type { Root } from '../root.ts';
import { withMirror } from '../with-mirror.ts';
import { type CheckResult, runChecks } from './check.ts';
import { examine } from './examine.ts';
import { postCallback } from './post-callback.ts';

const AFTER_HELP = `
It posts two callbacks: one with a wrong key, and a signed one for a task that does not exist, whose id begins with
"task-mirror-doctor-" and which is removed again.

With --json: {"checks": [{"name", "state", "message", "hint"}]}; a state is ok, skipped or failed.

Exit codes: 0 nothing failed, 1 something did, 2 wrong usage.

Example:
  $ npx task-mirror doctor --stack ScaleTaskMirror
`;

const MARKS = { ok: 'ok', skipped: '-', failed: 'FAILED' } as const;

/** `task-mirror doctor`. */
export function addDoctorCommand(root: Root, context: Context): void {
  root
    .command('doctor')
    .description('checks a mirror from end to end, and says what to do for each failure')
    .addHelpText('after', AFTER_HELP)
    .action(async (_, command) => {
      const options = command.optsWithGlobals();
      const asJson = options.json === true;
      const { clock, sleep, out } = context;
      const results = await withMirror(context, options, (mirror, target) =>
        runChecks(
          examine({ mirror, scale: () => target.scale(), post: postCallback, clock, sleep }),
          (result) => {
            if (!asJson) out(lineOf(result));
          },
        ),
      );
      if (asJson) out(`${JSON.stringify({ checks: results.map(toJson) })}\n`);
      const failures = results.filter(({ finding }) => finding.state === 'failed').length;
      if (failures === 0) return;
      if (!asJson) out(`${String(failures)} of ${String(results.length)} checks failed\n`);
      throw new PartlyDone();
    });
}

function lineOf({ name, finding }: CheckResult): string {
  const line = `${MARKS[finding.state].padEnd(8)}${name.padEnd(17)}${printable(finding.message)}\n`;
  if (finding.state !== 'failed') return line;
  return `${line}${' '.repeat(25)}${printable(finding.hint)}\n`;
}

function toJson({ name, finding }: CheckResult) {
  return { name, ...finding };
}
