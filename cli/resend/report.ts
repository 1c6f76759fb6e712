import { printable } from '../output.ts';
import { formatTable } from '../table.ts';
import type { Arrival } from './follow.ts';
import type { Picked } from './pick-tasks.ts';
import type { Sent } from './send-all.ts';

export interface ResendReport {
  readonly tasks: readonly Sent[];
  /** By task id; without those that were not followed. */
  readonly arrivals: ReadonlyMap<string, Arrival>;
}

/** Whether there is nothing left to do, as far as it can show. */
export function isWell({ tasks, arrivals }: ResendReport): boolean {
  return tasks.every(
    ({ taskId, outcome }) => outcome === 'sent' && arrivals.get(taskId) !== 'not yet',
  );
}

/** One object for scripts, with every task. */
export function reportToJson({ tasks, arrivals }: ResendReport): string {
  return JSON.stringify({
    dryRun: false,
    sent: countOf(tasks, ({ outcome }) => outcome === 'sent'),
    tasks: tasks.map(({ taskId, outcome, reason }) => ({
      taskId,
      outcome,
      arrival: arrivals.get(taskId) ?? null,
      ...(reason !== undefined && { reason }),
    })),
  });
}

const ARRIVALS: Readonly<Record<Arrival, string>> = {
  stored: 'stored here since',
  delivered: 'delivered since, by what Scale says',
  unproven: 'sent, and nothing can show whether they arrived: they were delivered once before',
  'not yet': 'have not arrived yet',
};

/** Counts, and a table of the tasks that somebody has to look after. */
export function reportToText(report: ResendReport, columns: number | undefined): string {
  const { tasks, arrivals } = report;
  const sent = countOf(tasks, ({ outcome }) => outcome === 'sent');
  const lines = [`${String(sent)} of ${String(tasks.length)} callbacks sent again`];
  for (const [arrival, words] of Object.entries(ARRIVALS)) {
    const count = countOf(tasks, ({ taskId }) => arrivals.get(taskId) === arrival);
    if (count > 0) lines.push(`  ${String(count)} ${words}`);
  }
  const rows = tasks.flatMap(({ taskId, outcome, reason = '' }) => {
    const isLate = arrivals.get(taskId) === 'not yet';
    if (outcome === 'sent' && !isLate) return [];
    return [[taskId, isLate ? 'not yet arrived' : outcome, reason]];
  });
  if (rows.length > 0) lines.push('', formatTable(['TASK', 'OUTCOME', 'REASON'], rows, columns));
  return lines.join('\n');
}

export function dryRunToJson(picked: readonly Picked[]): string {
  return JSON.stringify({ dryRun: true, tasks: picked.map(({ taskId }) => ({ taskId })) });
}

export function dryRunToText(picked: readonly Picked[]): string {
  const count = `${String(picked.length)} callbacks would be sent again`;
  return [...picked.map(({ taskId }) => printable(taskId)), count].join('\n');
}

function countOf(tasks: readonly Sent[], isMeant: (task: Sent) => boolean): number {
  return tasks.filter(isMeant).length;
}
