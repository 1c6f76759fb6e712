import type { Decision } from '../../shared/observations/decide.ts';
import { appliedHead, extendedHead, touchedHead } from '../../shared/observations/next-head.ts';
import type { Observation, ObservedDocument } from '../../shared/observations/observation.ts';
import { errorName } from '../../shared/platform/log.ts';
import type { Head } from '../../shared/tasks/head.ts';
import { lastRecord, superseded } from '../../shared/tasks/history.ts';
import type { TaskDocument, TaskTable } from '../../shared/tasks/task-table.ts';
import type { WorkerDependencies } from './dependencies.ts';
import { tellOmitted, withFields } from './follow-fields.ts';

/** `lost`: another writer changed the head meanwhile; read it again and decide again. */
export type WriteOutcome = 'written' | 'lost';

/** Does what `decide` has said, where it has said what to do. */
export async function carryOut(
  dependencies: WorkerDependencies,
  decision: Exclude<Decision, 'confirm'>,
  head: Head | undefined,
  observation: Observation,
): Promise<WriteOutcome> {
  switch (decision) {
    case 'duplicate':
      dependencies.metrics.count('ObservationDuplicate');
      return 'written';
    case 'stale':
      dependencies.metrics.count('ObservationStale');
      return 'written';
    case 'apply':
      return apply(dependencies, head, observation);
    case 'extend':
      return head === undefined ? 'lost' : extend(dependencies, head, observation);
    case 'touch':
      return head === undefined ? 'lost' : touch(dependencies, head, observation);
  }
}

/** Stores a newer observation: its document first, then the head that points at it. */
export async function apply(
  dependencies: WorkerDependencies,
  head: Head | undefined,
  observation: Observation,
  confirmed = true,
): Promise<WriteOutcome> {
  const { taskTable, clock } = dependencies;
  const { document, shape: api } = observation;
  const applied = appliedHead(head, observation, { now: clock.now(), confirmed });
  const next = await withFields(dependencies, head, applied, { api, document });
  const isMine =
    document && (await store(taskTable, next, observation, document, lastRecord(head)));
  // Only now: to store a document takes time, and readers of `changes` trail the clock by a fixed one.
  const now = clock.now();
  const outcome = await taskTable.putHead({ ...next, mirroredAt: now, changedAt: now });
  if (outcome === 'lost' && isMine) await removeLost(taskTable, next);
  if (outcome === 'written') {
    dependencies.metrics.count(document === undefined ? 'TaskDeleted' : 'ObservationApplied');
    tellOmitted(dependencies, head, next);
    await expireSuperseded(dependencies, head, next);
  }
  return outcome;
}

/**
 * Has the documents expire that the head has moved past, where the deployment wants that. One for which
 * this fails is kept for good: too much history is no fault.
 */
async function expireSuperseded(
  { taskTable, clock, historyMs, log }: WorkerDependencies,
  head: Head | undefined,
  next: Head,
): Promise<void> {
  if (historyMs === undefined) return;
  for (const record of superseded(head, next)) {
    try {
      await taskTable.expireDocument(next.taskId, record, clock.now() + historyMs);
    } catch (error) {
      log.warn('a superseded document will not expire', {
        taskId: next.taskId,
        error: errorName(error),
      });
    }
  }
}

/** Moves the interval and names of a head that says the same already. */
async function touch(
  dependencies: WorkerDependencies,
  head: Head,
  observation: Observation,
): Promise<WriteOutcome> {
  const { taskTable, clock, metrics } = dependencies;
  const touched = touchedHead(head, observation, { now: clock.now(), confirmed: true });
  // Where the other shape's document counts again, it is the stored one that does.
  const stored = { api: observation.shape, document: undefined };
  const next = await withFields(dependencies, head, touched, stored);
  const outcome = await taskTable.putHead(next);
  if (outcome === 'written') {
    metrics.count('ObservationTouched');
    tellOmitted(dependencies, head, next);
  }
  return outcome;
}

/** Moves the end of the interval of a head that is in doubt and says the same already. */
async function extend(
  { taskTable, clock, metrics }: WorkerDependencies,
  head: Head,
  observation: Observation,
): Promise<WriteOutcome> {
  const outcome = await taskTable.putHead(extendedHead(head, observation, clock.now()));
  if (outcome === 'written') metrics.count('ObservationDuplicate');
  return outcome;
}

/** Stores the document; true if this writer made the record. */
async function store(
  taskTable: TaskTable,
  next: Head,
  { source, shape, interval }: Observation,
  document: ObservedDocument,
  previous: string | undefined,
): Promise<boolean> {
  const record: TaskDocument = {
    ...document,
    taskId: next.taskId,
    record: next.current,
    api: shape,
    source,
    interval,
    previous,
  };
  return (await taskTable.putDocument(record)) === 'created';
}

/**
 * Removes the document of a head that lost the race. Not when it is in the history after all: then the
 * "lost" write was our own, whose first answer went missing, and a newer state may have followed it.
 */
async function removeLost(taskTable: TaskTable, lost: Head): Promise<void> {
  const stored = (await taskTable.getHeads([lost.taskId])).get(lost.taskId);
  if (stored === undefined) return;
  const history = await taskTable.getHistory(stored);
  if (history.some(({ record }) => record === lost.current)) return;
  await taskTable.removeDocument(lost.taskId, lost.current);
}
