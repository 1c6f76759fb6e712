import type { Shape } from '../shared/tasks/head.ts';
import type { WorldState } from './change.ts';

/** A project or batch as it is called when a document is made. */
interface Entity {
  readonly id: string;
  readonly name: string;
}

/** What a document says beside the task's state. */
export interface Surroundings {
  readonly taskId: string;
  /** On Scale's clock. */
  readonly createdAt: number;
  readonly project: Entity;
  readonly batch: Entity;
  readonly showsUpdatedAt: boolean;
  /** Makes the signature of a URL, which is another one in each answer. */
  readonly madeAt: number;
}

export type Document = Readonly<Record<string, unknown>>;

/** The task as one of the two APIs says it. */
export function documentOf(state: WorldState, shape: Shape, around: Surroundings): Document {
  return shape === 'v1' ? v1Document(state, around) : v2Document(state, around);
}

function v1Document(state: WorldState, around: Surroundings): Document {
  const { status, answer, completedAt, updatedAt, review, metadata, uniqueId } = state;
  const { taskId, createdAt, project, batch, showsUpdatedAt, madeAt } = around;
  return {
    task_id: taskId,
    created_at: iso(createdAt),
    ...(completedAt !== undefined && { completed_at: iso(completedAt) }),
    ...(showsUpdatedAt && { updated_at: iso(updatedAt) }),
    type: 'categorization',
    status,
    project: project.name,
    batch: batch.name,
    unique_id: `unique-${uniqueId}`,
    metadata: { edit: metadata },
    params: { attachment: `https://files.example/a.jpg?X-Amz-Signature=${madeAt}` },
    ...(answer !== undefined && { response: { answer } }),
    ...(review && {
      customer_review_status: review.status,
      audits: [
        {
          audit_result: review.status,
          ...(review.at !== undefined && { audited_at: iso(review.at) }),
        },
      ],
    }),
  };
}

function v2Document(state: WorldState, around: Surroundings): Document {
  const { status, answer, completedAt, metadata, isDeleted } = state;
  const isShown = status === 'completed' && !isDeleted;
  return {
    task_id: around.taskId,
    project: around.project,
    batch: around.batch,
    status: isDeleted ? 'deleted' : status,
    created_at: iso(around.createdAt),
    ...(isShown && completedAt !== undefined && { completed_at: iso(completedAt) }),
    metadata: { edit: metadata },
    threads: isShown
      ? [{ id: 'thread_0', turns: [], annotations: [{ key: 'answer', value: answer }] }]
      : [],
  };
}

/** The body of a callback: the documented envelope around v1, the bare task where v2 is sent. */
export function callbackBody(document: Document, taskId: string, shape: Shape): string {
  return JSON.stringify(
    shape === 'v1'
      ? { task: document, response: document['response'], task_id: taskId }
      : { task_id: taskId, status: document['status'], task: document },
  );
}

function iso(time: number): string {
  return new Date(time).toISOString();
}
