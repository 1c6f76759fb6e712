import { bytesOfValue, type FieldValue } from '../../shared/tasks/field-value.ts';
import type { FieldOutcome } from '../../shared/fields/lift-fields.ts';
import { printable } from '../output.ts';
import { formatTable } from '../table.ts';
import type { Rebuilt } from './rebuild.ts';

/** Of failed tasks so many are listed. */
const MOST_LISTED = 100;

export function rebuiltToJson(done: Rebuilt, outcome: 'finished' | 'interrupted'): string {
  const { failed, ...counts } = done;
  const failures = failed.slice(0, MOST_LISTED);
  return JSON.stringify({ outcome, ...counts, failed: failed.length, failures });
}

export function rebuiltToText(done: Rebuilt, outcome: 'finished' | 'interrupted'): string {
  const { looked, rebuilt, current, omitted, failed } = done;
  const lines = [
    outcome === 'finished' ? 'All heads were looked at.' : 'Interrupted: run it again to go on.',
    `records     ${String(looked)}`,
    `rebuilt     ${String(rebuilt)} heads`,
  ];
  if (current > 0) lines.push(`up to date  ${String(current)} that others wrote meanwhile`);
  if (omitted > 0) lines.push(`left out    ${String(omitted)} fields (attribute fieldsOmitted)`);
  if (failed.length > 0) lines.push(`failed      ${String(failed.length)} heads`);
  for (const { taskId, reason } of failed.slice(0, MOST_LISTED)) {
    lines.push(`  ${printable(taskId)}: ${printable(reason)}`);
  }
  return lines.join('\n');
}

/** What the fields of one document are. */
export interface Tried {
  readonly taskId: string;
  readonly api: string;
  /** By name, or by expression where these were given. */
  readonly outcomes: ReadonlyMap<string, FieldOutcome>;
}

export function triedToJson({ taskId, api, outcomes }: Tried): string {
  return JSON.stringify({ taskId, api, fields: Object.fromEntries(outcomes) });
}

export function triedToText({ outcomes }: Tried, columns: number | undefined): string {
  const rows = [...outcomes].map(([name, outcome]) => {
    if (outcome.kind === 'absent') return [printable(name), '-', '', 'not in the document'];
    if (outcome.kind === 'omitted') {
      return [printable(name), '-', '', printable(outcome.problem ?? outcome.reason)];
    }
    const [type = ''] = Object.keys(outcome.value);
    const bytes = String(bytesOfValue(outcome.value));
    return [printable(name), type, bytes, printable(textOf(outcome.value))];
  });
  return formatTable(['FIELD', 'TYPE', 'BYTES', 'VALUE'], rows, columns);
}

/** As JSON, with each digit of its numbers. */
function textOf(value: FieldValue): string {
  if ('S' in value) return JSON.stringify(value.S);
  if ('N' in value) return value.N;
  if ('L' in value) return `[${value.L.map(textOf).join(', ')}]`;
  if ('M' in value) {
    const members = Object.entries(value.M);
    return `{${members.map(([name, one]) => `${JSON.stringify(name)}: ${textOf(one)}`).join(', ')}}`;
  }
  return 'BOOL' in value ? String(value.BOOL) : 'null';
}
