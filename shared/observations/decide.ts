import { isForgotten } from '../tasks/forgotten.ts';
import type { Head } from '../tasks/head.ts';
import { isRead, type Observation } from './observation.ts';
import { newNames } from './names.ts';

/**
 * What becomes of an observation:
 * - `apply`: it is the newer; its document is stored and the head points at it
 * - `touch`: it is the newer and says the same; only the head's interval and names move
 * - `duplicate`: the head says the same already; nothing is written
 * - `extend`: the same, and neither is known to be the later; only the head's interval grows
 * - `stale`: Scale held this state before the one in the head; dropped
 * - `confirm`: nobody can tell; Scale is asked
 */
export type Decision = 'apply' | 'touch' | 'duplicate' | 'extend' | 'stale' | 'confirm';

/**
 * Which of two observations is the newer? The only place that knows order, and a pure function.
 * The first case that fits decides:
 *
 * | case | outcome |
 * | --- | --- |
 * | no head | apply |
 * | the task was forgotten | stale |
 * | it ended before the head's state began | stale |
 * | same content, and it dates itself or is the very observation that the head holds | duplicate, touch or extend |
 * | a callback or list page takes a completed task back to another status | confirm |
 * | it began after the head was last seen | apply, or touch where the content is the same |
 * | the two overlap, and it says what the head's own document and names say | duplicate or extend |
 * | the two overlap | confirm |
 *
 * No clock of ours and no field of Scale's can order two observations that overlap: payloads carry no
 * version, and a callback may be re-sent a day later with its original data.
 */
export function decide(head: Head | undefined, observation: Observation): Decision {
  if (head === undefined) return 'apply';
  if (isForgotten(head)) return 'stale';
  const { interval, source } = observation;
  if (interval.until < head.interval.from) return 'stale';
  const isLater = interval.from > head.interval.until;
  const isSame = hasSameContent(head, observation);
  if (isSame && (observation.datesItself || isHeadsOwn(head, observation))) {
    // A walk over finished tasks must cost nothing, so a page moves no interval for its own sake.
    const moves = source !== 'backfill' || newNames(head.facts, observation.facts);
    if (isLater && moves) return 'touch';
    // It may announce that a recall was undone: whoever asks about the recall has to wait for it.
    return !head.confirmed && interval.until > head.interval.until ? 'extend' : 'duplicate';
  }
  if (source !== 'confirm' && takesCompletionBack(head, observation)) return 'confirm';
  if (isLater) return isSame ? 'touch' : 'apply';
  if (!isSame || !saysNothingNew(head, observation)) return 'confirm';
  return isKnown(head, observation) ? 'duplicate' : 'extend';
}

/**
 * Whichever of two equal sights was the later, the head is right as it stands. In one that is in doubt there is a third
 * sight that waits for an answer, and a document of the other shape may be older than what counts.
 */
function saysNothingNew(head: Head, { shape, facts, document }: Observation): boolean {
  return (
    head.confirmed &&
    document !== undefined &&
    head.documents[shape]?.record === head.current &&
    !newNames(head.facts, facts)
  );
}

/** Whether the head was seen as late as that already, and by a read if that was one. */
function isKnown(head: Head, { interval: { from, until }, shape, source }: Observation): boolean {
  const isNoLater = from <= head.interval.from && until <= head.interval.until;
  return isNoLater && (!isRead(source) || head.documents[shape]?.wasRead === true);
}

/**
 * Whether the head already says what the observation says: it refers to a document of this shape with
 * equal substance, and status, completion time and, where the shape knows it, review are equal.
 */
export function hasSameContent(head: Head, { shape, facts, document }: Observation): boolean {
  if (head.facts.status !== facts.status) return false;
  // Only a deletion has no document, and the head says the same.
  if (document === undefined) return true;
  return (
    head.documents[shape]?.substance === document.substance &&
    head.facts.completedAt === facts.completedAt &&
    (shape === 'v2' || head.facts.reviewStatus === facts.reviewStatus)
  );
}

/** SQS delivers at least once: the second delivery of what the head was made from is no news. */
function isHeadsOwn(head: Head, { shape, source, interval }: Observation): boolean {
  const held = head.documents[shape];
  return (
    held?.record === head.current &&
    head.observedBy === source &&
    held.interval.from === interval.from &&
    held.interval.until === interval.until
  );
}

/** Whether a completed task would become one that is not. */
export function takesCompletionBack(head: Head, { facts }: Observation): boolean {
  return head.facts.status === 'completed' && facts.status !== 'completed';
}
