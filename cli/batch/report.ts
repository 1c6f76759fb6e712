import { hasEnded } from '../../shared/coverage/batch-book.ts';
import type { Batch, TaskCounts } from '../../shared/scale/batches.ts';
import { printable } from '../output.ts';
import type { BatchReport } from './change-batch.ts';

/** One object for scripts. What Scale does not say is `null`. */
export function toObject({ batch, counts, tracking, ...report }: BatchReport): object {
  const { action, statusBefore, message } = report;
  return {
    action,
    batch: batchObject(batch),
    ...(statusBefore !== undefined && { statusBefore, message: message ?? null }),
    tasks: counts ?? null,
    ...(tracking && {
      tracked: tracking.isTracked,
      ...(!tracking.isTracked && { notTracked: tracking.reason }),
    }),
  };
}

/** A batch for scripts. */
export function batchObject({ id, name, project, status, createdAt, completedAt }: Batch): object {
  return {
    id,
    name,
    project,
    status,
    createdAt: createdAt ?? null,
    completedAt: completedAt ?? null,
  };
}

/** A few aligned lines for people. */
export function toText(report: BatchReport): string {
  const { batch, message, counts } = report;
  const lines = {
    batch: `${batch.name} (${batch.id})`,
    project: projectOf(batch),
    status: statusLine(report),
    tasks: tasksLine(counts),
    mirror: mirrorLine(report),
    scale: message,
  };
  return Object.entries(lines)
    .flatMap(([label, text]) =>
      text === undefined ? [] : [`${label.padEnd(9)}${printable(text)}`],
    )
    .join('\n');
}

/** The project of a batch, for people. */
export function projectOf({ project: { id, name } }: Batch): string {
  return [name, id && (name ? `(${id})` : id)].filter(Boolean).join(' ') || 'unknown';
}

export function statusLine({ action, batch, statusBefore }: BatchReport): string {
  if (statusBefore === undefined) return batch.status;
  // Pause, resume and cancel go on after the answer.
  if (statusBefore === batch.status) return `${batch.status} (${action} accepted)`;
  return `${statusBefore} -> ${batch.status}`;
}

export function tasksLine(counts: TaskCounts | undefined): string {
  if (counts === undefined) return 'not counted';
  const parts = Object.entries(counts).map(([status, count]) => `${String(count)} ${status}`);
  return parts.length === 0 ? 'none' : parts.join(', ');
}

function mirrorLine({ batch, tracking }: BatchReport): string | undefined {
  if (tracking === undefined) return undefined;
  if (!tracking.isTracked) return `not tracked: ${tracking.reason}`;
  return hasEnded(batch) ? 'tracked; it has ended' : 'tracked until it ends';
}
