import type { DocumentReference, Head, TaskFacts } from '../tasks/head.ts';
import { documentRecord } from '../tasks/document-record.ts';
import { indexKey } from '../tasks/head-item.ts';
import { mergedNames } from './names.ts';
import { isRead, type Observation } from './observation.ts';

export interface NextHeadOptions {
  /** When this is written, epoch milliseconds. */
  readonly now: number;
  /** False where order could not be settled by asking Scale. */
  readonly confirmed: boolean;
}

/**
 * The head after an observation that `decide` calls newer and that says something new. Its revision
 * counts up, and where the observation has a document the head points at it.
 */
export function appliedHead(
  head: Head | undefined,
  observation: Observation,
  { now, confirmed }: NextHeadOptions,
): Head {
  const revision = (head?.revision ?? 0) + 1;
  const reference = referenceTo(observation, revision, head?.documents[observation.shape]);
  const current = reference?.record ?? head?.current;
  if (current === undefined) throw new Error('a first observation without a document');
  return {
    taskId: observation.taskId,
    version: (head?.version ?? 0) + 1,
    revision,
    facts: factsAfter(head, observation),
    interval: observation.interval,
    observedBy: observation.source,
    confirmed,
    mirroredAt: now,
    changedAt: now,
    current,
    documents: { ...head?.documents, ...(reference && { [observation.shape]: reference }) },
  };
}

/** The head after an observation that is newer and says the same: its interval and names move. */
export function touchedHead(
  head: Head,
  observation: Observation,
  { now, confirmed }: NextHeadOptions,
): Head {
  const { shape, interval, source } = observation;
  const held = observation.document && head.documents[shape];
  const facts = factsAfter(head, observation);
  return {
    ...head,
    version: head.version + 1,
    facts,
    interval,
    observedBy: source,
    confirmed,
    mirroredAt: now,
    changedAt: changedAtWith(head, facts, now),
    current: held?.record ?? head.current,
    documents: {
      ...head.documents,
      ...(held && { [shape]: { ...held, interval, wasRead: held.wasRead || isRead(source) } }),
    },
  };
}

/**
 * The head after an observation that says the same, and may be the earlier or the later of the two: the later one is
 * in the interval between the later beginning and the later end.
 */
export function extendedHead(
  head: Head,
  { interval, shape, source }: Observation,
  now: number,
): Head {
  const held = head.documents[shape];
  const wasRead = held?.wasRead === true || isRead(source);
  return {
    ...head,
    version: head.version + 1,
    interval: {
      from: Math.max(head.interval.from, interval.from),
      until: Math.max(head.interval.until, interval.until),
    },
    mirroredAt: now,
    documents: { ...head.documents, ...(held && { [shape]: { ...held, wasRead } }) },
  };
}

/** The head after names were found out or have changed: its document and revision stay as they are. */
export function renamedHead(head: Head, facts: TaskFacts, now: number): Head {
  const changedAt = changedAtWith(head, facts, now);
  return { ...head, facts, version: head.version + 1, mirroredAt: now, changedAt };
}

/**
 * A head that moves to another key of `changes` is news for those who read that key: with its old time it would stand
 * behind the place where they have read to.
 */
function changedAtWith(head: Head, { project }: TaskFacts, now: number): number {
  return indexKey(project) === indexKey(head.facts.project) ? head.changedAt : now;
}

/** The head while it is in doubt, or after Scale could not be asked: the same, and marked so. */
export function unconfirmedHead(head: Head, now: number): Head {
  return { ...head, version: head.version + 1, confirmed: false, mirroredAt: now };
}

function referenceTo(
  { document, interval, source }: Observation,
  revision: number,
  held: DocumentReference | undefined,
): DocumentReference | undefined {
  if (document === undefined) return undefined;
  const { sha256, substance, bytes } = document;
  const wasRead = held?.wasRead === true || isRead(source);
  return { record: documentRecord(revision, sha256), substance, bytes, interval, wasRead };
}

/**
 * What the other shape said and this one cannot know keeps its value while status and completion time
 * are equal. The type of a task never changes.
 */
function factsAfter(head: Head | undefined, { facts: seen, shape }: Observation): TaskFacts {
  if (head === undefined) return seen;
  const held = head.facts;
  const isSameState = held.status === seen.status && held.completedAt === seen.completedAt;
  const keptByV2 =
    shape === 'v2' && isSameState
      ? { reviewStatus: held.reviewStatus, updatedAt: held.updatedAt, uniqueId: held.uniqueId }
      : {};
  return {
    ...seen,
    type: seen.type ?? held.type,
    createdAt: seen.createdAt ?? held.createdAt,
    project: mergedNames(held.project, seen.project),
    batch: mergedNames(held.batch, seen.batch),
    ...keptByV2,
  };
}
