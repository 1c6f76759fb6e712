import * as v from 'valibot';

import type { Bodies } from '../documents/bodies.ts';
import { documentBodyKey, envelopeBodyKey } from '../documents/body-keys.ts';
import { compress, decompress } from '../documents/compression.ts';
import { sha256 } from '../documents/digest.ts';
import { toIso } from '../platform/iso.ts';
import type { Item } from './head-item.ts';
import type { HistoryEntry } from './history.ts';
import type { TaskDocument } from './task-table.ts';

/**
 * The largest compressed body that stands in the item itself. DynamoDB carries 400 KB an item; an
 * envelope has to fit as well.
 */
const LARGEST_INLINE_BODY_BYTES = 256 * 1024;

const string = v.object({ S: v.string() });
const binary = v.object({ B: v.instance(Uint8Array) });

const documentItem = v.object({
  taskId: string,
  record: string,
  api: v.object({ S: v.picklist(['v1', 'v2']) }),
  source: v.object({ S: v.picklist(['callback', 'backfill', 'confirm']) }),
  from: string,
  until: string,
  bytes: v.object({ N: v.string() }),
  substance: string,
  body: v.optional(binary),
  bodyKey: v.optional(string),
  envelope: v.optional(binary),
  envelopeKey: v.optional(string),
  previous: v.optional(string),
});

/** The item of a document. Stores a body that is too big for it first, so that the item never dangles. */
export async function toDocumentItem(document: TaskDocument, bodies: Bodies): Promise<Item> {
  const { taskId, record, api, source, interval, envelope, previous } = document;
  const bodyKey = documentBodyKey(taskId, document.sha256);
  return {
    taskId: { S: taskId },
    record: { S: record },
    api: { S: api },
    source: { S: source },
    from: { S: toIso(interval.from) },
    until: { S: toIso(interval.until) },
    bytes: { N: String(document.bytes) },
    substance: { S: document.substance },
    ...(await place(document.text, 'body', bodyKey, bodies, LARGEST_INLINE_BODY_BYTES)),
    ...(envelope !== undefined &&
      (await place(
        envelope,
        'envelope',
        envelopeBodyKey(taskId, sha256(envelope)),
        bodies,
        LARGEST_INLINE_ENVELOPE_BYTES,
      ))),
    ...(previous !== undefined && { previous: { S: previous } }),
  };
}

/** With a body of 256 KiB beside it, well below DynamoDB's 400 KB. */
const LARGEST_INLINE_ENVELOPE_BYTES = 64 * 1024;

/** `<name>` with the gzip while it is small enough, else `<name>Key` with where it stands in the bucket. */
async function place(
  text: string,
  name: 'body' | 'envelope',
  key: string,
  bodies: Bodies,
  largestInlineBytes: number,
): Promise<Item> {
  const bytes = await compress(text);
  if (bytes.byteLength <= largestInlineBytes) return { [name]: { B: bytes } };
  await bodies.put(key, { bytes, metadata: {} });
  return { [`${name}Key`]: { S: key } };
}

/** Reads a document back, from the bucket where its body stands there. */
export async function fromDocumentItem(
  item: unknown,
  bodies: Pick<Bodies, 'get'>,
): Promise<TaskDocument> {
  const document = v.parse(documentItem, item);
  const text = await read(document.body, document.bodyKey, bodies);
  if (text === undefined) throw new Error('a document has neither a body nor a key of one');
  const record = document.record.S;
  return {
    taskId: document.taskId.S,
    record,
    api: document.api.S,
    source: document.source.S,
    interval: { from: Date.parse(document.from.S), until: Date.parse(document.until.S) },
    text,
    sha256: record.slice(record.lastIndexOf('#') + 1),
    substance: document.substance.S,
    bytes: Number(document.bytes.N),
    envelope: await read(document.envelope, document.envelopeKey, bodies),
    previous: document.previous?.S,
  };
}

async function read(
  inline: { readonly B: Uint8Array } | undefined,
  key: { readonly S: string } | undefined,
  bodies: Pick<Bodies, 'get'>,
): Promise<string | undefined> {
  if (inline !== undefined) return decompress(inline.B);
  if (key === undefined) return undefined;
  const stored = await bodies.get(key.S);
  if (stored === undefined) throw new Error(`the bucket lacks the object ${key.S}`);
  return decompress(stored.bytes);
}

const historyItem = v.object({
  record: string,
  api: documentItem.entries.api,
  source: documentItem.entries.source,
  from: string,
  until: string,
  substance: string,
  previous: v.optional(string),
});

/** What the history needs of a document's item. */
export function readHistoryEntry(item: unknown): HistoryEntry {
  const { record, api, source, from, until, substance, previous } = v.parse(historyItem, item);
  return {
    record: record.S,
    api: api.S,
    source: source.S,
    interval: { from: Date.parse(from.S), until: Date.parse(until.S) },
    substance: substance.S,
    previous: previous?.S,
  };
}
