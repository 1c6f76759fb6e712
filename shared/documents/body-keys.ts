import { randomUUID } from 'node:crypto';

/** Where things stand in the `Bodies` bucket. Every key name of the bucket is made here. */

export const INBOX_WAITING_PREFIX = 'inbox/waiting/';
const INBOX_SWEPT_PREFIX = 'inbox/swept/';

/** What nobody understood. */
export const UNRECOGNISED_PREFIX = 'unrecognised/';

/** Dead letters that SQS would not have kept any longer. */
export const DEAD_LETTERS_PREFIX = 'dead-letters/';

/** A body that SQS cannot carry, or could not take; removed once the worker is done with it. */
export function inboxKey(now: number): string {
  return `${INBOX_WAITING_PREFIX}${day(now)}/${randomUUID()}`;
}

/** Where the sweep moves a waiting body, so that it is put on the queue once more and not for ever. */
export function sweptInboxKey(waitingKey: string): string {
  return INBOX_SWEPT_PREFIX + waitingKey.slice(INBOX_WAITING_PREFIX.length);
}

/** Of an encoded task id; S3 keys have 1,024 bytes. */
const LONGEST_ID = 512;

/** An oversize document, by task and hash. A task id may hold any character, hence the encoding. */
export function documentBodyKey(taskId: string, sha256: string): string {
  return `documents/${encodeURIComponent(taskId).slice(0, LONGEST_ID)}/${sha256}`;
}

/** What the keys of all oversize documents of a task begin with; `undefined` where other tasks share it. */
export function documentBodiesPrefix(taskId: string): string | undefined {
  const encoded = encodeURIComponent(taskId);
  return encoded.length > LONGEST_ID ? undefined : `documents/${encoded}/`;
}

/** An oversize envelope, by task and its own hash: equal documents may come with unequal envelopes. */
export function envelopeBodyKey(taskId: string, sha256: string): string {
  return `${documentBodyKey(taskId, sha256)}.envelope`;
}

/**
 * Authentic bytes that nobody understood, kept for a person to look at. By the day on which they were seen
 * and their hash: whoever sends or delivers them again makes no second object.
 */
export function unrecognisedKey(seenAt: number, sha256: string): string {
  return `${UNRECOGNISED_PREFIX}${day(seenAt)}/${sha256}`;
}

/** A dead letter, by the day on which SQS took it and its id: whoever archives it again makes no second object. */
export function deadLetterKey(sentAt: number, messageId: string): string {
  return `${DEAD_LETTERS_PREFIX}${day(sentAt)}/${messageId}`;
}

function day(now: number): string {
  return new Date(now).toISOString().slice(0, 10);
}

/** Where reconciles keep how far they have come. */
export const CHECKPOINTS_PREFIX = 'reconcile/';

/** How far the reconcile of a source has come, by a hash of its id, which may hold any character. */
export function checkpointKey(sourceHash: string): string {
  return `${CHECKPOINTS_PREFIX}${sourceHash}`;
}

/** The ids that a reconcile has found. */
export function reconcileReportKey(startedAt: number, sourceHash: string): string {
  return `reports/reconcile/${day(startedAt)}/${sourceHash}.json.gz`;
}
