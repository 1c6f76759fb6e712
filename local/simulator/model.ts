import * as v from 'valibot';

/** What the simulator's Scale holds. Times are epoch milliseconds on Scale's clock. */

/** One `l`; `deleted` is known from Scale's Python client only (October 2025), its v2 page lists the other four. */
export const TASK_STATUSES = ['pending', 'completed', 'canceled', 'error', 'deleted'] as const;

/** Two `l` in `cancelled`: docs.genai.scale.com/v2/batch-finalize. */
export const BATCH_STATUSES = [
  'staging',
  'in_progress',
  'completed',
  'paused',
  'cancelled',
] as const;

/** `commented` and `pending` are further values of the API, which no audit here gives. */
export const AUDIT_RESULTS = ['accepted', 'rejected', 'fixed'] as const;

const json = v.record(v.string(), v.unknown());

export const project = v.object({ id: v.string(), name: v.string(), createdAt: v.number() });

export const batch = v.object({
  id: v.string(),
  name: v.string(),
  projectId: v.string(),
  status: v.picklist(BATCH_STATUSES),
  callback: v.optional(v.string()),
  metadata: json,
  createdAt: v.number(),
  completedAt: v.optional(v.number()),
});

const audit = v.object({
  by: v.string(),
  at: v.optional(v.number()),
  seconds: v.number(),
  result: v.picklist(AUDIT_RESULTS),
  source: v.picklist(['customer', 'scale']),
});

const taskState = v.object({
  /** Since when the task is so. */
  at: v.number(),
  status: v.picklist(TASK_STATUSES),
  updatedAt: v.number(),
  completedAt: v.optional(v.number()),
  response: v.optional(json),
  threads: v.optional(v.array(v.unknown())),
  /** So many bytes of text are added to the result wherever it is shown; they are never stored. */
  fillBytes: v.optional(v.number()),
  errors: v.optional(v.array(v.object({ type: v.string(), message: v.string() }))),
  sensitiveContentReports: v.optional(v.array(v.unknown())),
  /** What a recall keeps from view; it is there again when the recall is undone. */
  recall: v.optional(v.object({ hidesResponse: v.boolean(), hidesCompletedAt: v.boolean() })),
  review: v.optional(
    v.object({
      status: v.picklist(AUDIT_RESULTS),
      by: v.string(),
      at: v.optional(v.number()),
      seconds: v.number(),
    }),
  ),
  reviewComments: v.optional(v.array(v.string())),
  priorResponses: v.optional(v.array(v.unknown())),
  /** Newest first. */
  audits: v.optional(v.array(audit)),
  metadata: v.optional(json),
  uniqueId: v.optional(v.string()),
});

export const task = v.object({
  id: v.string(),
  /** Which of Scale's two product lines it belongs to: v1's own tasks, or v2's with `threads`. */
  generation: v.picklist(['data-engine', 'genai']),
  projectId: v.string(),
  batchId: v.optional(v.string()),
  type: v.string(),
  instruction: v.string(),
  params: v.optional(json),
  callbackUrl: v.optional(v.string()),
  isTest: v.boolean(),
  tags: v.optional(v.array(v.string())),
  priority: v.optional(v.number()),
  createdAt: v.number(),
  /** Absent while a callback is under way, or none was sent. */
  callbackSucceeded: v.optional(v.boolean()),
  /** Deleted without a trace: every read answers 404. */
  isGone: v.optional(v.boolean()),
  state: taskState,
});

export type Project = v.InferOutput<typeof project>;
export type Batch = v.InferOutput<typeof batch>;
export type BatchStatus = Batch['status'];
export type TaskState = v.InferOutput<typeof taskState>;
export type TaskStatus = TaskState['status'];
export type Audit = v.InferOutput<typeof audit>;

/** One object per task for good; only the world changes it. */
export type Task = v.InferOutput<typeof task> & {
  /** Earlier states, oldest first; not kept across a restart. */
  past?: TaskState[];
};

/** Statuses that nothing more is expected of; a recall may still take a completed task back. */
export function isFinal(status: TaskStatus): boolean {
  return status !== 'pending';
}
