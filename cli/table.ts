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
  return growingTable(headings, columns)(rows);
}

/**
 * The same, group by group of rows, for a list that is written while it is read: the headings stand before the first group, and no
 * column gets narrower from one group to the next.
 */
export function growingTable(
  headings: readonly string[],
  columns: number | undefined,
): (rows: readonly (readonly string[])[]) => string {
  const widths = headings.map(lengthOf);
  let isFirst = true;
  return (rows) => {
    const lines = rows.map((row) => row.map(printable));
    for (const [at, width] of widths.entries()) {
      widths[at] = Math.max(width, ...lines.map((row) => lengthOf(row[at] ?? '')));
    }
    const width = widths.reduce((sum, one) => sum + one + GAP.length, -GAP.length);
    const before = isFirst ? [headings] : [];
    const gap = isFirst ? '' : '\n';
    isFirst = false;
    if (columns !== undefined && width > columns) return gap + asBlocks(headings, lines);
    return [...before, ...lines].map((row) => aligned(row, widths)).join('\n');
  };
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
