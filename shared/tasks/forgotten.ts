import type { Head } from './head.ts';

/** The status of a task that somebody had removed for good: nothing of it is stored any more, whoever shows it. */
const FORGOTTEN = 'forgotten';

export function isForgotten(head: Pick<Head, 'facts'>): boolean {
  return head.facts.status === FORGOTTEN;
}

/**
 * The marker that stands in place of a task's head: its id, and that it was forgotten. It belongs to no project
 * or batch, so no index has it.
 */
export function forgottenHead(taskId: string, head: Head | undefined, now: number): Head {
  return {
    taskId,
    version: (head?.version ?? 0) + 1,
    revision: (head?.revision ?? 0) + 1,
    facts: { status: FORGOTTEN, project: {}, batch: {} },
    interval: { from: now, until: now },
    observedBy: 'confirm',
    confirmed: true,
    mirroredAt: now,
    changedAt: now,
    current: '',
    documents: {},
  };
}
