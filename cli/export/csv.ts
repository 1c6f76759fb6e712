import { stringify } from 'csv-stringify/sync';

import type { Column, ColumnType } from './columns.ts';
import type { ExportRow } from './export-row.ts';

type Parts = AsyncIterable<readonly ExportRow[]>;

/** Nothing for what is absent. */
type Cell = string | undefined;

/**
 * `windows` is CRLF, as in the RFC; a CR or LF alone ends a row for most readers too, so that a cell which has one is quoted.
 * An empty text is quoted, so that it can be told from nothing.
 */
const OPTIONS = {
  record_delimiter: 'windows',
  quote_record_delimiter: true,
  quoted_match: /^$/,
} as const;

/** RFC 4180 with a header, in UTF-8. What stands in a cell is as it is in the mirror, also where a spreadsheet takes it for a formula. */
export async function* toCsv(parts: Parts, columns: readonly Column[]): AsyncGenerator<Buffer> {
  const names = columns.map(({ name }) => name);
  yield toBytes([[...names, 'documentApi', 'documentSha256', 'document']]);
  for await (const rows of parts) yield toBytes(rows.map((row) => cellsOf(row, columns)));
}

function toBytes(rows: readonly (readonly Cell[])[]): Buffer {
  return Buffer.from(stringify([...rows], OPTIONS));
}

function cellsOf({ head, api, sha256, text }: ExportRow, columns: readonly Column[]): Cell[] {
  const cells = columns.map(({ type, valueOf }) => cellOf(valueOf(head), type));
  return [...cells, api, sha256, Buffer.from(text).toString('utf8')];
}

function cellOf(value: unknown, type: ColumnType): Cell {
  if (value === undefined || value === null) return undefined;
  return typeof value === 'string' && type !== 'json' ? value : JSON.stringify(value);
}
