import * as v from 'valibot';

import type { WithDocument } from '../../readers/typescript/read-tasks.ts';
import type { TaskHead } from '../../readers/typescript/task-head.ts';
import { anyMembers } from '../../shared/tasks/field-value.ts';

/** A task as it is exported: its head, and the document that the head names. */
export interface ExportRow {
  readonly head: TaskHead;
  readonly api: 'v1' | 'v2';
  /** Of the document, in UTF-8. */
  readonly sha256: string;
  /** The document in UTF-8, exactly as Scale gave it. */
  readonly text: Uint8Array;
}

const NEWLINE = 0x0a;

/** A task for {@link decodeRows}: a line of JSON that says how long the document after it is, and the document. */
export function encodeRow({ document, ...head }: TaskHead & WithDocument): Uint8Array {
  const { api, sha256, bytes, text } = document;
  const line = JSON.stringify({ head, api, sha256, bytes }, withoutBigints);
  return Buffer.from(`${line}\n${text}\n`);
}

/** A field may be a whole number that neither JSON readers nor columns take for certain: its digits are text then. */
export function withoutBigints(_: string, value: unknown): unknown {
  return typeof value === 'bigint' ? String(value) : value;
}

const optional = v.optional(v.string());

const rowLine = v.object({
  head: v.object({
    ...{ taskId: v.string(), status: v.string(), current: v.string() },
    ...{ completedAt: optional, reviewStatus: optional },
    ...{ revision: v.number(), version: v.number(), confirmed: v.boolean() },
    ...{ project: optional, projectId: optional, batch: optional, batchId: optional },
    ...{ type: optional, uniqueId: optional, createdAt: optional, updatedAt: optional },
    ...{ observedFrom: v.string(), observedUntil: v.string() },
    observedBy: v.picklist(['callback', 'backfill', 'confirm']),
    ...{ mirroredAt: v.string(), changedAt: v.string() },
    fields: v.optional(anyMembers(v.unknown())),
  }),
  api: v.picklist(['v1', 'v2']),
  sha256: v.string(),
  bytes: v.number(),
});

/** Rows that {@link encodeRow} has written one after the other. Their documents are parts of `bytes`. */
export function* decodeRows(bytes: Buffer): Generator<ExportRow> {
  for (let at = 0; at < bytes.length;) {
    const start = bytes.indexOf(NEWLINE, at) + 1;
    const {
      bytes: length,
      head,
      ...rest
    } = v.parse(rowLine, JSON.parse(bytes.toString('utf8', at, start)));
    at = start + length + 1;
    yield { ...rest, head: { ...ABSENT, ...head }, text: bytes.subarray(start, start + length) };
  }
}

/** JSON leaves out what is absent. */
const ABSENT = {
  ...{ completedAt: undefined, reviewStatus: undefined, type: undefined, uniqueId: undefined },
  ...{ project: undefined, projectId: undefined, batch: undefined, batchId: undefined },
  ...{ createdAt: undefined, updatedAt: undefined },
};
