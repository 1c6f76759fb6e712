import type { BatchRef } from '../../shared/scale/batches.ts';
import type { CommandFailure } from '../failure.ts';
import { printable } from '../output.ts';
import { formatTable } from '../table.ts';
import type { BatchReport } from './change-batch.ts';
import { inWords } from './find-batch.ts';
import { statusLine, tasksLine, toObject } from './report.ts';

/** What has become of one of many batches. */
export type Outcome =
  | { readonly kind: 'done'; readonly report: BatchReport }
  | { readonly kind: 'failed'; readonly ref: BatchRef; readonly failure: CommandFailure }
  /** The command was told to stop before. */
  | { readonly kind: 'not tried'; readonly ref: BatchRef };

/** One object for scripts, with what failed kept apart. */
export function outcomesToObject(action: string, outcomes: readonly Outcome[]): object {
  return {
    action,
    batches: outcomes.flatMap((one) => (one.kind === 'done' ? [toObject(one.report)] : [])),
    failed: outcomes.flatMap((one) => {
      if (one.kind !== 'failed') return [];
      const { code, message, hint } = one.failure;
      return [{ ...one.ref, error: { code, message, ...(hint !== undefined && { hint }) } }];
    }),
    notTried: outcomes.flatMap((one) => (one.kind === 'not tried' ? [one.ref] : [])),
  };
}

/** A table of what is done, then a line for each that is not, then the sum. */
export function outcomesToText(outcomes: readonly Outcome[], columns: number | undefined): string {
  const done = outcomes.flatMap((one) => (one.kind === 'done' ? [one.report] : []));
  const rows = done.map((report) => {
    const { id, name } = report.batch;
    return [name, id, statusLine(report), tasksLine(report.counts)];
  });
  const table = formatTable(['BATCH', 'ID', 'STATUS', 'TASKS'], rows, columns);
  const failed = outcomes.flatMap((one) => {
    if (one.kind === 'done') return [];
    if (one.kind === 'not tried') return [`not tried: ${inWords(one.ref)}`];
    const { message, hint } = one.failure;
    return [`not done: ${[message, hint].filter(Boolean).join('; ')}`];
  });
  const sum = `${String(done.length)} of ${String(outcomes.length)} batches done`;
  const parts = [rows.length > 0 ? table : '', failed.map(printable).join('\n'), sum];
  return parts.filter(Boolean).join('\n\n');
}
