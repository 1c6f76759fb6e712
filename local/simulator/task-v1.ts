import { toIso } from '../../shared/platform/iso.ts';
import { filler } from './filler.ts';
import type { Audit, Task, TaskState } from './model.ts';
import { promptsAndAnswers } from './threads.ts';

/** Names of what a task belongs to; v1 refers by name. */
export interface Names {
  readonly project: string;
  readonly batch: string | undefined;
}

type Members = Record<string, unknown>;

/**
 * The task as `GET /v1/task/{id}` and callbacks show it: projects and batches by name, the result as
 * `response`. Members as in docs.scale.com/reference/tasks-object-overview and the Callbacks page. How
 * a GenAI task looks in v1 is documented only by a short example (docs.genai.scale.com/v1/task).
 */
export function toV1(task: Task, state: TaskState, names: Names): Members {
  const { completedAt, recall } = state;
  const response = responseOf(task, state);
  return {
    task_id: task.id,
    created_at: toIso(task.createdAt),
    ...(completedAt !== undefined && !recall?.hidesCompletedAt
      ? { completed_at: toIso(completedAt) }
      : {}),
    updated_at: toIso(state.updatedAt),
    ...(task.callbackUrl !== undefined && { callback_url: task.callbackUrl }),
    ...(task.callbackSucceeded !== undefined && { callback_succeeded: task.callbackSucceeded }),
    type: task.type,
    status: state.status,
    instruction: task.instruction,
    params: task.params ?? {},
    is_test: task.isTest,
    metadata: state.metadata ?? {},
    project: names.project,
    projectId: task.projectId,
    ...(names.batch !== undefined && { batch: names.batch }),
    ...(task.priority !== undefined && { priority: task.priority }),
    ...(task.tags && { tags: task.tags }),
    ...(state.uniqueId !== undefined && { unique_id: state.uniqueId }),
    ...(response && { response }),
    ...reviewOf(state),
  };
}

/** What `limited_response=true` leaves of a task (Scale's Python client). */
export function toLimitedV1(task: Task, state: TaskState, names: Names): Members {
  return {
    task_id: task.id,
    status: state.status,
    metadata: state.metadata ?? {},
    project: names.project,
    otherVersion: null,
  };
}

function responseOf(task: Task, state: TaskState): Members | undefined {
  if (state.recall?.hidesResponse) return undefined;
  const { response, threads, fillBytes } = state;
  const text = fillBytes === undefined ? {} : { text: filler(task.id, fillBytes) };
  if (response !== undefined) return { ...response, ...text };
  if (threads !== undefined) return { responses: promptsAndAnswers(threads), ...text };
  return fillBytes === undefined ? undefined : { category: 'red', ...text };
}

/** Review members that typed clients find inside the task; whether callbacks have them there is not shown. */
function reviewOf({ review, reviewComments, priorResponses, audits, recall }: TaskState): Members {
  if (review === undefined || recall?.hidesResponse) return {};
  return {
    customer_review_status: review.status,
    customer_review_comments: reviewComments ?? [],
    prior_responses: priorResponses ?? [],
    customer_reviewed_by: review.by,
    customer_audit_time_secs: review.seconds,
    ...(review.at !== undefined && { customer_audited_at: toIso(review.at) }),
    audits: (audits ?? []).map(toAudit),
  };
}

function toAudit({ by, at, seconds, result, source }: Audit): Members {
  return {
    audited_by: by,
    ...(at !== undefined && { audited_at: toIso(at) }),
    audit_time_secs: seconds,
    audit_result: result,
    audit_source: source,
  };
}
