import { toIso } from '../../shared/platform/iso.ts';
import { filler } from './filler.ts';
import type { Task, TaskState } from './model.ts';
import { answerThread, type ThreadOptions, withOptions } from './threads.ts';

type Members = Record<string, unknown>;

/** The project and batch of a task: their ids, or the objects that `expand` asks for. */
export interface Belonging {
  readonly project: string | Members;
  readonly batch: string | Members | undefined;
}

/**
 * The task as docs.genai.scale.com/v2/tasks shows it: `threads` are empty unless completed, absent when
 * it was reported as sensitive; `errors` only with an error. No `updated_at`, no review, no `unique_id`.
 */
export function toV2(
  task: Task,
  state: TaskState,
  { project, batch }: Belonging,
  options: ThreadOptions,
): Members {
  const { status, completedAt, metadata, errors, sensitiveContentReports } = state;
  const isReported = status === 'completed' && sensitiveContentReports !== undefined;
  return {
    task_id: task.id,
    project,
    ...(batch !== undefined && { batch }),
    status,
    created_at: toIso(task.createdAt),
    ...(completedAt !== undefined && !state.recall?.hidesCompletedAt
      ? { completed_at: toIso(completedAt) }
      : {}),
    ...(metadata && { metadata }),
    ...(!isReported && {
      threads: status === 'completed' ? withOptions(threadsOf(task, state), options) : [],
    }),
    ...(status === 'error' && errors && { errors }),
    ...(isReported && { sensitive_content_reports: sensitiveContentReports }),
  };
}

/** A v1 task has no threads of its own: its response becomes one. HYPOTHESIS: no page says whether v2 shows it. */
function threadsOf(task: Task, { threads, response, fillBytes }: TaskState): readonly unknown[] {
  const filled = fillBytes === undefined ? undefined : filler(task.id, fillBytes);
  if (threads === undefined) {
    return [answerThread(task.instruction, response ?? { category: 'red' }, filled)];
  }
  return filled === undefined ? threads : [...threads, answerThread(task.instruction, {}, filled)];
}
