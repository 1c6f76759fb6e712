import { createCipheriv, randomUUID } from 'node:crypto';

import { sha256 } from '../../shared/documents/digest.ts';
import { documentRecord } from '../../shared/tasks/document-record.ts';
import type { DocumentReference, Head } from '../../shared/tasks/head.ts';
import type { TaskDocument } from '../../shared/tasks/task-table.ts';
import { NOON } from './fake-clock.ts';

/** A task id of the length that Scale gives, that no other test uses. */
export function aTaskId(): string {
  return randomUUID().replaceAll('-', '').slice(0, 24);
}

/** A head that knows all there is to know. Give only the members that matter. */
export function aHead(members: Partial<Head> = {}): Head {
  const reference = aReference();
  return {
    taskId: aTaskId(),
    version: 1,
    revision: 1,
    facts: {
      status: 'completed',
      project: { name: 'Street scenes', id: 'project_1' },
      batch: { name: 'night', id: 'batch_1' },
      type: 'imageannotation',
      createdAt: NOON - 7_200_000,
      completedAt: NOON - 3_600_000,
      updatedAt: NOON - 1_800_000,
      reviewStatus: 'accepted',
      uniqueId: 'frame 7',
    },
    interval: { from: NOON - 123, until: NOON + 50 },
    observedBy: 'callback',
    confirmed: true,
    mirroredAt: NOON + 100,
    changedAt: NOON + 99,
    current: reference.record,
    documents: { v1: reference },
    ...members,
  };
}

export function aReference(members: Partial<DocumentReference> = {}): DocumentReference {
  return {
    record: documentRecord(1, sha256('a document')),
    substance: sha256('a substance').slice(0, 16),
    bytes: 1_234,
    interval: { from: NOON - 123, until: NOON + 50 },
    wasRead: false,
    ...members,
  };
}

export type DocumentParts = Partial<Omit<TaskDocument, 'record' | 'sha256' | 'bytes'>> & {
  readonly revision?: number;
};

/** A document whose record, hash and length fit its text. */
export function aDocument({ revision = 1, ...members }: DocumentParts = {}): TaskDocument {
  const text = members.text ?? '{"task_id":"task-1","status":"completed"}';
  return {
    taskId: aTaskId(),
    api: 'v1',
    source: 'callback',
    interval: { from: NOON - 123, until: NOON + 50 },
    substance: sha256(`substance of ${text}`),
    ...members,
    text,
    record: documentRecord(revision, sha256(text)),
    sha256: sha256(text),
    bytes: Buffer.byteLength(text),
  };
}

/** JSON text of so many characters that gzip can hardly shrink, always the same. */
export function incompressibleText(length: number): string {
  const noise = createCipheriv('aes-128-ctr', Buffer.alloc(16), Buffer.alloc(16));
  const base64 = noise.update(Buffer.alloc(length)).toString('base64');
  const [head, tail] = ['{"task_id":"task-1","response":"', '"}'];
  return head + base64.slice(0, length - head.length - tail.length) + tail;
}
