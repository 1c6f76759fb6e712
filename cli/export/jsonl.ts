import type { Column } from './columns.ts';
import type { ExportRow } from './export-row.ts';

type Parts = AsyncIterable<readonly ExportRow[]>;

/** One line for each task: its head, and the document with every character that it has but the newlines between its parts. */
export async function* toJsonl(parts: Parts, columns: readonly Column[]): AsyncGenerator<Buffer> {
  for await (const rows of parts) {
    yield Buffer.concat(rows.flatMap((row) => lineOf(row, columns)));
  }
}

function lineOf({ head, api, sha256, text }: ExportRow, columns: readonly Column[]): Uint8Array[] {
  const { fields } = head;
  const members = columns
    .filter(({ isField }) => !isField)
    .map(({ name, valueOf }) => [name, valueOf(head)]);
  const rest = { ...(fields && { fields }), documentApi: api, documentSha256: sha256 };
  const start = JSON.stringify({ ...Object.fromEntries(members), ...rest });
  return [Buffer.from(`${start.slice(0, -1)},"document":`), onOneLine(text), END];
}

const END = Buffer.from('}\n');

/** In JSON a newline within a string is escaped: one that is not stands between two parts, where it means nothing. */
function onOneLine(text: Uint8Array): Uint8Array {
  if (!text.includes(0x0a) && !text.includes(0x0d)) return text;
  return text.filter((byte) => byte !== 0x0a && byte !== 0x0d);
}
