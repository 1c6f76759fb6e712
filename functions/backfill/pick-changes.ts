import * as v from 'valibot';

import { parseTask } from '../../shared/observations/read-task.ts';
import { parseTime } from '../../shared/observations/times.ts';
import { checkMessage } from '../../shared/queue/task-message.ts';
import type { WireMessage } from '../../shared/queue/task-message.ts';

/** What v1's list of changes brings. */
export interface Changes {
  /** Tasks to queue as they stand. */
  readonly tasks: readonly string[];
  /** Tasks to read: v1 shows GenAI tasks in a form of its own, without a status. */
  readonly checks: readonly WireMessage[];
}

/** A creation or completion is written down within so much time. */
const WRITING_MS = 60_000;

const changed = v.object({
  task_id: v.string(),
  status: v.optional(v.string()),
  created_at: v.optional(v.string()),
  completed_at: v.optional(v.string()),
  updated_at: v.optional(v.string()),
  customer_review_status: v.nullish(v.unknown()),
});

/**
 * Picks what no other list shows. A change that is nothing but the creation or the completion of a task is left to the
 * lists by status: two lists of one run overlap in time, and each such pair would have to be settled by a read.
 */
export function pickChanges(listed: readonly string[], noticedAt: number): Changes {
  const tasks: string[] = [];
  const checks: WireMessage[] = [];
  for (const text of listed) {
    const read = v.safeParse(changed, JSON.parse(text));
    const isReadable = parseTask(text, 'v1').kind === 'task';
    if (isReadable && !(read.success && isLeftToOthers(read.output))) tasks.push(text);
    if (!isReadable && read.success) checks.push(checkMessage(read.output.task_id, noticedAt));
  }
  return { tasks, checks };
}

function isLeftToOthers(task: v.InferOutput<typeof changed>): boolean {
  const { status, created_at, completed_at, updated_at, customer_review_status: review } = task;
  const isReviewed = typeof review === 'string' && review !== 'pending';
  if (isReviewed) return false;
  if (status === 'pending') return isSoonAfter(created_at, updated_at);
  return status === 'completed' && isSoonAfter(completed_at, updated_at);
}

function isSoonAfter(began: string | undefined, updated: string | undefined): boolean {
  const [from, to] = [parseTime(began), parseTime(updated)];
  return from !== undefined && to !== undefined && Math.abs(to - from) < WRITING_MS;
}
