import { printable } from '../output.ts';
import type { RedriveOptions, RedriveReport } from './redrive.ts';

const MOST_NAMED = 5;

/** One object for programs. */
export function redriveToJson(report: RedriveReport, { isDryRun }: RedriveOptions): string {
  return JSON.stringify({ dryRun: isDryRun, ...report });
}

/** Some lines for people. */
export function redriveToText(report: RedriveReport, options: RedriveOptions): string {
  const { selected, sent, notSent, notRemoved, foreign } = report;
  const lines: string[] = [];
  if (options.isDryRun) lines.push(`${letters(selected)} would be sent; nothing has been changed`);
  else if (selected === 0) lines.push(nothing(options));
  else lines.push(`${String(sent)} of ${letters(selected)} sent`, ...outcome(report, options));
  if (foreign > 0) {
    lines.push(
      `${letters(foreign)} left alone: no message of the mirror, see task-mirror dlq list --show`,
    );
  }
  if (notRemoved > 0) {
    lines.push(`${letters(notRemoved)} sent and still there: sending them again harms nobody`);
  }
  for (const { id, error } of notSent.slice(0, MOST_NAMED)) {
    lines.push(`not sent, still there: ${id}: ${error}`);
  }
  return lines.map(printable).join('\n');
}

function nothing({ cause }: RedriveOptions): string {
  return cause === undefined ? 'no dead letters to send' : `no dead letters of the cause ${cause}`;
}

function outcome(
  { stored, open, notFollowed }: RedriveReport,
  { waitMs }: RedriveOptions,
): string[] {
  if (waitMs === 0) return [];
  const lines = stored > 0 ? [`${String(stored)} stored in the table`] : [];
  if (open.length > 0) {
    const more = open.length - MOST_NAMED;
    const some =
      open.slice(0, MOST_NAMED).join(', ') + (more > 0 ? ` and ${String(more)} more` : '');
    lines.push(
      `not stored yet: ${some}`,
      'what fails again is a dead letter again after half an hour: task-mirror dlq list',
    );
  }
  if (notFollowed > 0) lines.push(`${String(notFollowed)} not followed`);
  return lines;
}

function letters(count: number): string {
  return count === 1 ? '1 letter' : `${String(count)} letters`;
}
