import type { Context } from '../context.ts';
import { PartlyDone } from '../failure.ts';
import { printable } from '../output.ts';
import type { TargetOptions } from '../target.ts';
import { withMirror } from '../with-mirror.ts';
import { type CheckResult, runChecks } from './check.ts';
import { examine } from './examine.ts';
import { postCallback } from './post-callback.ts';

const MARKS = { ok: 'ok', skipped: '-', warned: 'warning', failed: 'FAILED' } as const;

interface DoctorOptions extends TargetOptions {
  readonly json?: true | undefined;
}

/** Runs all checks, and says of each what it has found as soon as it has. */
export async function runDoctor(context: Context, options: DoctorOptions): Promise<void> {
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
}

function lineOf({ name, finding }: CheckResult): string {
  const line = `${MARKS[finding.state].padEnd(8)}${name.padEnd(17)}${printable(finding.message)}\n`;
  if (!('hint' in finding)) return line;
  return `${line}${' '.repeat(25)}${printable(finding.hint)}\n`;
}

function toJson({ name, finding }: CheckResult) {
  return { name, ...finding };
}
