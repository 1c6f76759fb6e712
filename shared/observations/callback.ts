import * as v from 'valibot';

import { canonicalDigest } from '../documents/canonical.ts';
import { memberSpansWithin, type Span } from '../documents/json-text.ts';
import type { BatchRef } from '../scale/batches.ts';
import type { Shape } from '../tasks/head.ts';
import { batchOf } from './batch-callback.ts';
import { reviewBeside, reviewOf, type SeenTask } from './observe.ts';
import { fact, readTaskObject } from './task-object.ts';
import { isUsableTaskId } from './task-id.ts';

/** What a callback's body turned out to be. */
export type Callback =
  | ({ readonly kind: 'task' } & SeenTask)
  /** A `task_id` and no `task`: a hint to read that task. */
  | { readonly kind: 'trigger'; readonly taskId: string }
  /** Neither a task nor a `task_id`, but a batch: a hint to read that batch. */
  | { readonly kind: 'batch'; readonly batch: BatchRef }
  | { readonly kind: 'unrecognised'; readonly reason: UnrecognisedReason };

export type UnrecognisedReason =
  | 'not UTF-8'
  | 'empty'
  | 'not JSON'
  | 'not an object'
  | 'no task'
  | 'a batch'
  | 'no usable task id'
  | 'two task ids'
  | 'no status'
  | 'test task for a live key'
  | 'live task for a test key'
  | 'unknown to Scale';

/** The members that stand beside `task` in a callback, as far as the mirror understands them. */
const envelopeObject = v.object({
  task_id: v.optional(v.unknown()),
  status: fact,
  task: v.optional(v.unknown()),
});

/**
 * Reads a callback by the vendor's page "Callbacks": `{task_id, status, response, task}`, of which the
 * page's own example lacks `status`, and real receivers have met bodies without `task`.
 */
export function parseCallback(text: string): Callback {
  const body = parseObject(text);
  if (typeof body === 'string') return unrecognised(body);
  const { status: besideStatus, task: value, ...beside } = v.parse(envelopeObject, body);
  const besideId = beside.task_id ?? undefined;
  const task = readTaskObject(value);
  if (task === undefined) {
    if (value !== undefined && value !== null) return unrecognised('no task');
    if (besideId === undefined) return withoutTask(body);
    return isUsableTaskId(besideId)
      ? { kind: 'trigger', taskId: besideId }
      : unrecognised('no usable task id');
  }
  const taskId = task.task_id ?? besideId;
  if (!isUsableTaskId(taskId)) return unrecognised('no usable task id');
  if (besideId !== undefined && besideId !== taskId) return unrecognised('two task ids');
  const status = task.status ?? besideStatus;
  if (status === undefined) return unrecognised('no status');
  const { members, within } = memberSpansWithin(text, 'task');
  const span = members.get('task');
  if (span === undefined)
    throw new Error('a member that JSON.parse found has no place in the text');
  return {
    kind: 'task',
    taskId,
    task,
    status,
    shape: shapeOf(value),
    text: text.slice(span.start, span.end),
    review: reviewOf(task, [reviewBeside(body)]),
    envelope: envelopeOf(text, members, within),
  };
}

function withoutTask(body: Record<string, unknown>): Callback {
  const batch = batchOf(body);
  return batch === undefined ? unrecognised('no task') : { kind: 'batch', batch };
}

function parseObject(text: string): Record<string, unknown> | UnrecognisedReason {
  if (text.trim() === '') return 'empty';
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? value : 'not an object';
  } catch {
    return 'not JSON';
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function unrecognised(reason: UnrecognisedReason): Callback {
  return { kind: 'unrecognised', reason };
}

const onlyV2 = ['threads', 'errors', 'sensitive_content_reports'];
const onlyV1 = ['params', 'response', 'instruction', 'type', 'callback_url'];

/** Callbacks carry v1 tasks; whether those of GenAI projects carry v2 tasks is not documented. */
function shapeOf(task: unknown): Shape {
  if (!isRecord(task)) return 'v1';
  const has = (name: string): boolean => Object.hasOwn(task, name);
  return onlyV2.some(has) && !onlyV1.some(has) ? 'v2' : 'v1';
}

/** The members beside `task` that it lacks or contradicts: kept exactly, since nothing else has them. */
function envelopeOf(
  text: string,
  members: ReadonlyMap<string, Span>,
  inTask: ReadonlyMap<string, Span>,
): string | undefined {
  const kept = [...members].filter(([name, span]) => {
    const twin = inTask.get(name);
    return (
      name !== 'task' && (twin === undefined || !sameJson(slice(text, span), slice(text, twin)))
    );
  });
  if (kept.length === 0) return undefined;
  return `{${kept.map(([name, span]) => `${JSON.stringify(name)}:${slice(text, span)}`).join(',')}}`;
}

function slice(text: string, { start, end }: Span): string {
  return text.slice(start, end);
}

/** `response` stands in both places and may be indented apart. */
function sameJson(a: string, b: string): boolean {
  return a === b || canonicalDigest(a) === canonicalDigest(b);
}
