import type { Completeness } from './completeness.ts';
import type { ExportRequest } from './request.ts';

/** What became of an export. Times are ISO 8601. */
export interface ExportReport {
  readonly request: ExportRequest;
  readonly tasks: number;
  readonly bytes: number;
  readonly startedAt: string;
  readonly finishedAt: string;
  readonly completeness: Completeness;
}

export function reportToJson({ request, completeness, ...rest }: ExportReport): string {
  const { out, format, subject } = request;
  const { isComplete, sources, comparedAt, reasons } = completeness;
  const coverage = { complete: isComplete, sources, comparedAt: comparedAt ?? null, reasons };
  return JSON.stringify({ file: out, format, [subject.kind]: subject.name, ...rest, coverage });
}

export function reportToText({ request, tasks, bytes, completeness }: ExportReport): string {
  const { subject, status, out } = request;
  const count = [String(tasks), status, tasks === 1 ? 'task' : 'tasks'].filter((word) => word);
  const where = `${out ?? 'stdout'} (${sizeInWords(bytes)})`;
  return [
    `exported ${count.join(' ')} of ${subject.kind} "${subject.name}" to ${where}`,
    completenessInWords(completeness),
  ].join('\n');
}

function completenessInWords({ isComplete, reasons, ...rest }: Completeness): string {
  if (!isComplete) return `coverage is not complete: ${reasons.join('; ')}`;
  return `coverage is complete: ${rest.sources.join(', ')} had nothing missing when compared with Scale at ${rest.comparedAt ?? '?'}`;
}

function sizeInWords(bytes: number): string {
  const units = ['kB', 'MB', 'GB', 'TB'];
  let size = bytes;
  let unit = 'bytes';
  for (const larger of units) {
    if (size < 1_000) break;
    size /= 1_000;
    unit = larger;
  }
  return `${unit === 'bytes' ? String(size) : size.toFixed(1)} ${unit}`;
}
