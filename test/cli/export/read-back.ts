import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';

import { parquetMetadata, parquetReadObjects } from 'hyparquet';

/** A row of an export: the columns of heads and fields that have a value, and the document's text. */
export interface ReadRow {
  readonly head: Readonly<Record<string, unknown>>;
  readonly document: string;
}

/** As a consumer reads a file of any format. */
export async function readBack(path: string, format: string, isGzip: boolean): Promise<ReadRow[]> {
  const bytes = readFileSync(path);
  if (format === 'parquet') return fromParquet(bytes);
  const text = (isGzip ? gunzipSync(bytes) : bytes).toString('utf8');
  return format === 'csv' ? fromCsv(text) : fromJsonl(text);
}

/** With the document's exact text, which is what stands last in a line. */
function fromJsonl(text: string): ReadRow[] {
  const lines = text.split('\n');
  expect(lines.pop()).toBe('');
  return lines.map((line) => {
    const at = line.indexOf(',"document":');
    const start: unknown = JSON.parse(`${line.slice(0, at)}}`);
    const { fields = {}, ...head } = start as { readonly fields?: Record<string, unknown> };
    const named: Record<string, unknown> = {};
    for (const [name, value] of Object.entries(fields)) named[`field_${name}`] = value;
    const document = line.slice(at + ',"document":'.length, -1);
    JSON.parse(line);
    return { head: { ...head, ...named }, document };
  });
}

function fromCsv(text: string): ReadRow[] {
  const [names = [], ...rows] = csvRows(text);
  return rows.map((cells) => {
    const entries = names.map((name, at): [string, string | undefined] => [
      String(name),
      cells[at],
    ]);
    const present = entries.filter(([, cell]) => cell !== undefined);
    const row: Record<string, string | undefined> = Object.fromEntries(present);
    const { document = '', ...head } = row;
    return { head, document };
  });
}

/** RFC 4180; a cell of nothing is `undefined`, one of two quotes is empty. */
function csvRows(text: string): (string | undefined)[][] {
  const rows: (string | undefined)[][] = [[]];
  const cell = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/gy;
  let end = 0;
  for (const [all, quoted, plain, delimiter] of text.matchAll(cell)) {
    const value = quoted?.replaceAll('""', '"') ?? (plain === '' ? undefined : plain);
    rows.at(-1)?.push(value);
    if (delimiter === '\r\n') rows.push([]);
    end += all.length;
  }
  expect(end).toBe(text.length);
  return rows.slice(0, -1);
}

const compressors = { GZIP: (bytes: Uint8Array) => gunzipSync(bytes) };

async function fromParquet(bytes: Buffer): Promise<ReadRow[]> {
  const file = toArrayBuffer(bytes);
  // Text as bytes would be parsed and lose its digits: JSON columns come as they are.
  const metadata = parquetMetadata(file);
  for (const element of metadata.schema) {
    if (element.converted_type !== 'JSON') continue;
    element.converted_type = 'UTF8';
    delete element.logical_type;
  }
  const rows = await parquetReadObjects({ file, metadata, compressors });
  return rows.map((row) => {
    const { document, ...head } = row;
    const present = Object.entries(head).filter(
      ([, value]) => value !== undefined && value !== null,
    );
    return { head: Object.fromEntries(present), document: String(document) };
  });
}

/** The type of each column, as the file says it. */
export function parquetTypes(path: string): Record<string, string> {
  const { schema } = parquetMetadata(toArrayBuffer(readFileSync(path)));
  return Object.fromEntries(
    schema.slice(1).map(({ name, type, converted_type }) => [name, converted_type ?? type ?? '']),
  );
}

function toArrayBuffer(bytes: Buffer): ArrayBuffer {
  return new Uint8Array(bytes).buffer;
}
