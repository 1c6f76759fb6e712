import type { TaskDocument } from '../../readers/typescript/task-document.ts';
import type { TaskHead } from '../../readers/typescript/task-head.ts';
import { jsonLine } from '../json-lines.ts';
import { missingTask } from '../missing-task.ts';
import { printable } from '../output.ts';

export interface FoundTask {
  readonly head: TaskHead;
  /** Absent where only the head was asked for. */
  readonly document: TaskDocument | undefined;
}

export function taskJson({ head, document }: FoundTask): string {
  return jsonLine({ head, ...(document !== undefined && { document }) });
}

export function missingJson(taskId: string): string {
  return jsonLine({ taskId, error: { code: 'not-found', message: missingTask(taskId) } });
}

/** Aligned lines for people, and the document below them. */
export function taskText({ head, document }: FoundTask, show: (text: string) => string): string {
  const lines = headLines(head);
  if (document === undefined) return lines;
  const { api, source, bytes, sha256, text } = document;
  const facts = `${api} by ${source}, ${String(bytes)} bytes, sha256 ${sha256}`;
  return `${lines}\n${line('document', facts)}\n\n${show(text)}`;
}

function headLines(head: TaskHead): string {
  const texts: Readonly<Record<string, string | undefined>> = {
    task: head.taskId,
    status: `${head.status}${head.confirmed ? '' : ' (not confirmed)'}`,
    review: head.reviewStatus,
    project: nameAndId(head.project, head.projectId),
    batch: nameAndId(head.batch, head.batchId),
    type: head.type,
    unique: head.uniqueId,
    created: head.createdAt,
    completed: head.completedAt,
    updated: head.updatedAt,
    revision: `${String(head.revision)}, changed ${head.changedAt}`,
    seen: `${head.observedUntil} by ${head.observedBy}`,
    fields: head.fields && jsonLine(head.fields).trim(),
  };
  return Object.entries(texts)
    .flatMap(([label, text]) => (text === undefined ? [] : [line(label, text)]))
    .join('\n');
}

function nameAndId(name: string | undefined, id: string | undefined): string | undefined {
  if (name === undefined || id === undefined) return name ?? id;
  return `${name} (${id})`;
}

function line(label: string, text: string): string {
  return `${label.padEnd(10)}${printable(text)}`;
}
