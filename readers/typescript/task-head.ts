import { toIso } from '../../shared/platform/iso.ts';
import type { Head } from '../../shared/tasks/head.ts';
import type { ListedTask } from './listed-task.ts';
import type { Numbers } from './parse-json.ts';
import { toFields } from './read-fields.ts';

/** How a state was seen: Scale announced it, a list showed it, or it was read to settle a doubt. */
export type ReadSource = 'callback' | 'backfill' | 'confirm';

/** The present state of a task. Times are ISO 8601; what is absent is not known. */
export interface TaskHead extends ListedTask {
  /** Counts changes of substance. */
  readonly revision: number;
  /** Counts all writes of the head. */
  readonly version: number;
  readonly project: string | undefined;
  readonly projectId: string | undefined;
  readonly batch: string | undefined;
  readonly batchId: string | undefined;
  readonly type: string | undefined;
  readonly createdAt: string | undefined;
  readonly updatedAt: string | undefined;
  readonly uniqueId: string | undefined;
  /** When Scale certainly held this state, and how that was seen. */
  readonly observedFrom: string;
  readonly observedUntil: string;
  readonly observedBy: ReadSource;
  /** False where two sights contradict each other and Scale has not been asked yet, or did not know. */
  readonly confirmed: boolean;
  /** Of the last write, and of the last change. */
  readonly mirroredAt: string;
  readonly changedAt: string;
  /** Values of the document that the configuration lifts into the head, by their names. */
  readonly fields?: Readonly<Record<string, unknown>> | undefined;
}

export function toTaskHead(head: Head, numbers: Numbers | undefined): TaskHead {
  const { facts, interval } = head;
  return {
    taskId: head.taskId,
    status: facts.status,
    completedAt: iso(facts.completedAt),
    reviewStatus: facts.reviewStatus,
    current: head.current,
    fields: toFields(head.fields?.values, numbers),
    revision: head.revision,
    version: head.version,
    project: facts.project.name,
    projectId: facts.project.id,
    batch: facts.batch.name,
    batchId: facts.batch.id,
    type: facts.type,
    createdAt: iso(facts.createdAt),
    updatedAt: iso(facts.updatedAt),
    uniqueId: facts.uniqueId,
    observedFrom: toIso(interval.from),
    observedUntil: toIso(interval.until),
    observedBy: head.observedBy,
    confirmed: head.confirmed,
    mirroredAt: toIso(head.mirroredAt),
    changedAt: toIso(head.changedAt),
  };
}

export function iso(time: number | undefined): string | undefined {
  return time === undefined ? undefined : toIso(time);
}
