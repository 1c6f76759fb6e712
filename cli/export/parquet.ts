import { gzipSync } from 'node:zlib';

import { ByteWriter, type ColumnSource, ParquetWriter, type SchemaElement } from 'hyparquet-writer';

import type { Column, ColumnType } from './columns.ts';
import type { ExportRow } from './export-row.ts';

type Parts = AsyncIterable<readonly ExportRow[]>;

export type ParquetCodec = 'SNAPPY' | 'GZIP';

/** Other columns than those that a head has the values of. */
type Extra = 'documentApi' | 'documentSha256' | 'document';

const ELEMENTS: Readonly<Record<ColumnType, Omit<SchemaElement, 'name'>>> = {
  string: { type: 'BYTE_ARRAY', converted_type: 'UTF8', logical_type: { type: 'STRING' } },
  integer: { type: 'INT64' },
  number: { type: 'DOUBLE' },
  boolean: { type: 'BOOLEAN' },
  time: {
    type: 'INT64',
    converted_type: 'TIMESTAMP_MILLIS',
    logical_type: { type: 'TIMESTAMP', isAdjustedToUTC: true, unit: 'MILLIS' },
  },
  json: { type: 'BYTE_ARRAY', converted_type: 'JSON', logical_type: { type: 'JSON' } },
};

/** A file of Parquet; one row group is in memory at a time. */
export async function* toParquet(
  parts: Parts,
  columns: readonly Column[],
  codec: ParquetCodec,
): AsyncGenerator<Buffer> {
  const buffer = new ByteWriter();
  const schema = schemaOf(columns);
  const writer = new ParquetWriter({
    writer: buffer,
    // It writes the bytes of a column of JSON as they are only where it does not know them for JSON text.
    schema: schema.map(withoutJson),
    codec,
    compressors: { GZIP: (bytes) => gzipSync(bytes) },
    createdBy: 'scale-task-mirror',
  });
  for await (const rows of inRowGroups(parts)) {
    await writer.write({ columnData: columnDataOf(rows, columns), rowGroupSize: rows.length });
    yield taken(buffer);
  }
  // Readers such as DuckDB know JSON by its converted type alone.
  writer.schema = schema;
  await writer.finish();
  yield taken(buffer);
}

/** Of documents, before compression: larger ones are read faster, and take more memory to make. */
const ROW_GROUP_BYTES = 4 * 1024 * 1024;

/** Of short documents the heads count. */
const MOST_ROWS = 20_000;

async function* inRowGroups(parts: Parts): AsyncGenerator<readonly ExportRow[]> {
  let group: ExportRow[] = [];
  let bytes = 0;
  for await (const rows of parts) {
    for (const row of rows) {
      group.push(row);
      bytes += row.text.length;
    }
    if (bytes < ROW_GROUP_BYTES && group.length < MOST_ROWS) continue;
    yield group;
    group = [];
    bytes = 0;
  }
  if (group.length > 0) yield group;
}

function schemaOf(columns: readonly Column[]): SchemaElement[] {
  const required = (name: Extra, type: ColumnType): SchemaElement => ({
    name,
    repetition_type: 'REQUIRED',
    ...ELEMENTS[type],
  });
  const leaves = [
    ...columns.map(({ name, type }): SchemaElement => ({
      name,
      repetition_type: 'OPTIONAL',
      ...ELEMENTS[type],
    })),
    required('documentApi', 'string'),
    required('documentSha256', 'string'),
    required('document', 'json'),
  ];
  return [{ name: 'tasks', num_children: leaves.length }, ...leaves];
}

function withoutJson(element: SchemaElement): SchemaElement {
  const { converted_type, ...rest } = element;
  return converted_type === 'JSON' ? rest : element;
}

function columnDataOf(rows: readonly ExportRow[], columns: readonly Column[]): ColumnSource[] {
  const extra = (name: Extra, valueOf: (row: ExportRow) => string | Uint8Array): ColumnSource => ({
    name,
    data: rows.map(valueOf),
  });
  return [
    ...columns.map(({ name, type, valueOf }): ColumnSource => ({
      name,
      data: rows.map(({ head }) => toStored(valueOf(head), type)),
      // Bounds of JSON text say nothing, and would stand whole in the footer.
      statistics: type !== 'json',
    })),
    extra('documentApi', ({ api }) => api),
    { ...extra('documentSha256', ({ sha256 }) => sha256), encoding: 'PLAIN', statistics: false },
    { ...extra('document', ({ text }) => text), encoding: 'PLAIN', statistics: false },
  ];
}

/** A value as the writer takes it for a type of column. */
function toStored(value: unknown, type: ColumnType): unknown {
  if (value === undefined || value === null) return undefined;
  if (type === 'integer' && typeof value === 'number') return BigInt(value);
  if (type === 'time' && typeof value === 'string') return BigInt(Date.parse(value));
  return type === 'json' ? Buffer.from(JSON.stringify(value)) : value;
}

/** What has been written since the last time. */
function taken(buffer: ByteWriter): Buffer {
  const bytes = Buffer.from(buffer.getBytes());
  buffer.index = 0;
  return bytes;
}
