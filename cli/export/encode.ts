import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';

import type { Column } from './columns.ts';
import { toCsv } from './csv.ts';
import type { ExportRow } from './export-row.ts';
import { toJsonl } from './jsonl.ts';
import { toParquet } from './parquet.ts';
import type { Format } from './request.ts';

export interface Encoding {
  readonly format: Format;
  /** Of Parquet each page by itself, else the whole file. */
  readonly isGzip: boolean;
}

/** Rows, part by part, in a format; as much is held in memory as a part takes. */
export function encode(
  { format, isGzip }: Encoding,
  parts: AsyncIterable<readonly ExportRow[]>,
  columns: readonly Column[],
): AsyncIterable<Uint8Array> {
  switch (format) {
    case 'jsonl':
      return isGzip ? gzipped(toJsonl(parts, columns)) : toJsonl(parts, columns);
    case 'csv':
      return isGzip ? gzipped(toCsv(parts, columns)) : toCsv(parts, columns);
    case 'parquet':
      return toParquet(parts, columns, isGzip ? 'GZIP' : 'SNAPPY');
  }
}

async function* gzipped(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const gzip = createGzip();
  const fed = pipeline(chunks, gzip);
  // Its failure is that of `gzip`, too.
  fed.catch(() => undefined);
  yield* gzip;
  await fed;
}
