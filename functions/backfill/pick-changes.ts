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

/** A completion is written down within so much time. */
const COMPLETING_MS = 60_000;

const changed = v.object({
  task_id: v.string(),
  status: v.optional(v.string()),
  completed_at: v.optional(v.string()),
  updated_at: v.optional(v.string()),
  customer_review_status: v.nullish(v.unknown()),
});

/**
 * Picks what no other list shows. A change that is nothing but the completion is left to the list of completed
 * tasks: two lists of one run overlap in time, and each such pair would have to be settled by a read.
 */
export function pickChanges(listed: readonly string[], noticedAt: number): Changes {
  const tasks: string[] = [];
  const checks: WireMessage[] = [];
  for (const text of listed) {
    const read = v.safeParse(changed, JSON.parse(text));
    const isReadable = parseTask(text, 'v1').kind === 'task';
    if (isReadable && !(read.success && isMereCompletion(read.output))) tasks.push(text);
    if (!isReadable && read.success) checks.push(checkMessage(read.output.task_id, noticedAt));
  }
  return { tasks, checks };
}

function isMereCompletion(task: v.InferOutput<typeof changed>): boolean {
  const { status, completed_at, updated_at, customer_review_status: review } = task;
  const completedAt = parseTime(completed_at);
  const updatedAt = parseTime(updated_at);
  if (status !== 'completed' || completedAt === undefined || updatedAt === undefined) return false;
  const isReviewed = typeof review === 'string' && review !== 'pending';
  return !isReviewed && Math.abs(updatedAt - completedAt) < COMPLETING_MS;
}
