import { printable } from './output.ts';

const GAP = '  ';

/**
 * Rows under their headings, aligned. In a terminal that is too narrow for them each row becomes lines of a
 * heading and a value, so that nothing is cut off or broken over lines. A pipe (`columns` absent) is never too narrow.
 */
export function formatTable(
  headings: readonly string[],
  rows: readonly (readonly string[])[],
  columns: number | undefined,
): string {
  const lines = [headings, ...rows].map((row) => row.map(printable));
  const widths = headings.map((_, at) => Math.max(...lines.map((row) => lengthOf(row[at] ?? ''))));
  const width = widths.reduce((sum, one) => sum + one + GAP.length, -GAP.length);
  if (columns !== undefined && width > columns) return asBlocks(headings, lines.slice(1));
  return lines.map((row) => aligned(row, widths)).join('\n');
}

function aligned(row: readonly string[], widths: readonly number[]): string {
  return row
    .map((cell, at) => cell + ' '.repeat((widths[at] ?? 0) - lengthOf(cell)))
    .join(GAP)
    .trimEnd();
}

function asBlocks(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const width = Math.max(...headings.map(lengthOf));
  return rows
    .map((row) => headings.map((heading, at) => `${heading.padEnd(width)}${GAP}${row[at] ?? ''}`))
    .map((block) => block.join('\n').trimEnd())
    .join('\n\n');
}

/** In characters as people count most of them. */
function lengthOf(text: string): number {
  return Array.from(text).length;
}
