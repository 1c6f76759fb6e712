import { toIso } from '../platform/iso.ts';
import { isForgotten } from '../tasks/forgotten.ts';
import { indexKey } from '../tasks/head-item.ts';
import { DELETED, type Head, type Shape } from '../tasks/head.ts';
import { isProbe } from '../tasks/probe.ts';
import { type MirrorEvent, SCHEMA_VERSION, type TaskEventName } from './event.ts';

const COMPLETED = 'completed';

/** Statuses that a task comes to rest in, or goes away by, besides `completed`. */
const ENDINGS: ReadonlyMap<string, TaskEventName> = new Map([
  ['error', 'TaskErrored'],
  ['canceled', 'TaskCanceled'],
  // As Scale spells it of batches.
  ['cancelled', 'TaskCanceled'],
  [DELETED, 'TaskDeleted'],
]);

/**
 * Which event the write of a head makes; `undefined` for none. Each change of substance, which counts the
 * revision up, makes exactly one: revisions without a gap are events without a gap. The first case that fits
 * decides:
 *
 * | case | event |
 * | --- | --- |
 * | the head went away, the task was forgotten, or is a doctor's | none |
 * | the revision stands: an interval, a name or a mark of doubt moved | none |
 * | it has become `error`, `canceled` or `deleted` | `TaskErrored`, `TaskCanceled`, `TaskDeleted` |
 * | it has become `completed`, or is seen so for the first time | `TaskCompleted` |
 * | it was `completed` and is of any status that is none of these | `TaskRecalled` |
 * | it is `completed` as before, with another review status | `TaskReviewed` |
 * | it is `completed` as before, at another time: once more | `TaskCompleted` |
 * | anything else: a fix, metadata, the other API's form of it, a task that is not finished | `TaskChanged` |
 */
export function taskEventOf(
  before: Head | undefined,
  after: Head | undefined,
): TaskEventName | undefined {
  if (after === undefined || isForgotten(after) || isProbe(after.taskId)) return undefined;
  if (before !== undefined && before.revision >= after.revision) return undefined;
  const { status, completedAt, reviewStatus } = after.facts;
  const previous = before?.facts.status;
  if (status !== previous) {
    if (status === COMPLETED) return 'TaskCompleted';
    return ENDINGS.get(status) ?? (previous === COMPLETED ? 'TaskRecalled' : 'TaskChanged');
  }
  if (status !== COMPLETED) return 'TaskChanged';
  if (reviewStatus !== undefined && reviewStatus !== before?.facts.reviewStatus) {
    return 'TaskReviewed';
  }
  return completedAt === before?.facts.completedAt ? 'TaskChanged' : 'TaskCompleted';
}

/** The event of a write of a head, if it makes one. `table` is where its reader finds the document. */
export function toTaskEvent(
  before: Head | undefined,
  after: Head | undefined,
  table: string,
): MirrorEvent | undefined {
  const name = taskEventOf(before, after);
  if (name === undefined || after === undefined) return undefined;
  const { taskId, revision, facts, changedAt, observedBy, current } = after;
  const { status, reviewStatus, completedAt, type, project, batch } = facts;
  return {
    name,
    time: changedAt,
    subject: taskId,
    detail: {
      schemaVersion: SCHEMA_VERSION,
      taskId,
      revision,
      status,
      previousStatus: before?.facts.status,
      reviewStatus,
      completedAt: completedAt === undefined ? undefined : toIso(completedAt),
      type,
      project: indexKey(project),
      projectId: project.id,
      batch: indexKey(batch),
      batchId: batch.id,
      changedAt: toIso(changedAt),
      observedBy,
      document: { table, record: current, api: shapeOf(after) },
    },
  };
}

/** Whose form the document that counts has. */
function shapeOf({ documents, current }: Head): Shape | undefined {
  if (documents.v2?.record === current) return 'v2';
  return documents.v1?.record === current ? 'v1' : undefined;
}
