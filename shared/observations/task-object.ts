import * as v from 'valibot';

import type { Named, Shape, TaskFacts } from '../tasks/head.ts';
import { latest, parseTime } from './times.ts';

/** Longest fact that the head repeats; the document has it in any case, and keys of indexes have limits. */
const LONGEST_FACT_BYTES = 900;

const shortString = v.pipe(
  v.string(),
  v.nonEmpty(),
  v.maxBytes(LONGEST_FACT_BYTES),
  // A lone surrogate has no UTF-8, so no attribute can hold it.
  v.check((value) => value.isWellFormed()),
);

/** A member that is a non-empty string, or as good as absent: unknown types never refuse a task. */
export const fact = v.fallback(v.optional(shortString), undefined);
/** Whether an id can be a key is for `isUsableTaskId` to say. */
const id = v.fallback(v.optional(v.unknown()), undefined);
const flag = v.fallback(v.optional(v.boolean()), undefined);
const named = v.fallback(
  v.optional(v.union([shortString, v.object({ id: fact, name: fact })])),
  undefined,
);
const audits = v.fallback(
  v.optional(v.array(v.fallback(v.object({ audited_at: fact }), { audited_at: undefined }))),
  undefined,
);
const submissions = v.fallback(
  v.array(
    v.fallback(
      v.object({ submissions: v.fallback(v.array(v.object({ submitted_at: fact })), []) }),
      { submissions: [] },
    ),
  ),
  [],
);

/** Review facts stand in the task or beside it in the callback: the vendor's pages do not say which. */
const reviewMembers = {
  customer_review_status: fact,
  customer_audited_at: fact,
  audits,
};

/** The members that the mirror understands; all others are kept in the document and not looked at. */
const taskObject = v.object({
  task_id: id,
  status: fact,
  project: named,
  projectId: fact,
  batch: named,
  type: fact,
  created_at: fact,
  completed_at: fact,
  updated_at: fact,
  unique_id: fact,
  is_test: flag,
  threads: submissions,
  ...reviewMembers,
});

export const reviewObject = v.object(reviewMembers);
export type TaskObject = v.InferOutput<typeof taskObject>;
export type ReviewObject = v.InferOutput<typeof reviewObject>;

/**
 * Reads what the mirror understands of a task of either shape; `undefined` where it is no object. A member
 * of another form counts as absent, so its first fault is enough: to note one for each of a million odd
 * elements takes more memory than a function has.
 */
export function readTaskObject(value: unknown): TaskObject | undefined {
  const result = v.safeParse(taskObject, value, { abortEarly: true });
  return result.success && !Array.isArray(value) ? result.output : undefined;
}

/** What of a review is known, from the task and from the members beside it. */
export interface Review {
  readonly status?: string | undefined;
  /** When it was made, as far as it says. */
  readonly at?: number | undefined;
  readonly isPresent: boolean;
}

export function readReview(parts: readonly ReviewObject[]): Review {
  const status = parts.map((part) => part.customer_review_status).find((one) => one !== undefined);
  const times = parts.flatMap((part) => [
    parseTime(part.customer_audited_at),
    ...(part.audits ?? []).map((audit) => parseTime(audit.audited_at)),
  ]);
  const hasAudits = parts.some((part) => (part.audits ?? []).length > 0);
  const at = latest(times);
  return {
    status: status === undefined ? undefined : normalisedReviewStatus(status),
    at,
    isPresent: status !== undefined || hasAudits || at !== undefined,
  };
}

/** The pages differ in case, and call the same event "Approved" and "accepted". */
function normalisedReviewStatus(status: string): string {
  const lower = status.toLowerCase();
  return lower === 'approved' ? 'accepted' : lower;
}

/** The facts of a task, by the meaning that each shape gives to its members. */
export function factsOf(task: TaskObject, status: string, shape: Shape, review: Review): TaskFacts {
  return {
    status,
    project: { ...namesOf(task.project, shape), ...(task.projectId && { id: task.projectId }) },
    batch: namesOf(task.batch, shape),
    type: task.type,
    createdAt: parseTime(task.created_at),
    completedAt: parseTime(task.completed_at),
    updatedAt: parseTime(task.updated_at),
    reviewStatus: review.status,
    uniqueId: task.unique_id,
  };
}

/** A project or batch as a member of a task has it; nothing is known of one that cannot be read. */
export function readNamed(value: unknown, shape: Shape): Named {
  return namesOf(v.parse(named, value), shape);
}

/** v1 refers to projects and batches by name, v2 by id or, expanded, by an object with both. */
function namesOf(value: TaskObject['project'], shape: Shape): Named {
  if (value === undefined || value === '') return {};
  if (typeof value === 'string') return shape === 'v1' ? { name: value } : { id: value };
  return { ...(value.name && { name: value.name }), ...(value.id && { id: value.id }) };
}

/** The latest time at which the task says that something happened to it, else when it was created. */
export function ownTime(task: TaskObject, review: Review): number | undefined {
  const happened = latest([
    parseTime(task.completed_at),
    parseTime(task.updated_at),
    review.at,
    ...task.threads.flatMap((thread) =>
      thread.submissions.map((one) => parseTime(one.submitted_at)),
    ),
  ]);
  return happened ?? parseTime(task.created_at);
}
