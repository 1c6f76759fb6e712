import * as v from 'valibot';

import type { Bodies } from '../documents/bodies.ts';
import { DEAD_LETTERS_PREFIX, deadLetterKey } from '../documents/body-keys.ts';
import { listAll } from '../documents/list-all.ts';
import { toIso } from '../platform/iso.ts';
import type { DeadLetter } from './dead-letter.ts';

/** A dead letter in the bucket. */
export interface ArchivedLetter extends DeadLetter {
  readonly key: string;
}

const failure = v.object({ error: v.string(), at: v.optional(v.string()) });

const stored = v.object({
  messageId: v.string(),
  sentAt: v.pipe(v.string(), v.isoTimestamp()),
  failure: v.optional(failure),
  message: v.object({ body: v.string(), attributes: v.record(v.string(), v.string()) }),
});

/** Resolves once the letter is durable. Safe to repeat: a letter has one place. */
export async function archiveLetter(
  bodies: Pick<Bodies, 'put'>,
  { messageId, sentAt, failure, message }: DeadLetter,
): Promise<void> {
  // S3's own metadata has no room for every attribute, and knows no capitals.
  const json = JSON.stringify({ messageId, sentAt: toIso(sentAt), failure, message });
  await bodies.put(deadLetterKey(sentAt, messageId), { bytes: Buffer.from(json), metadata: {} });
}

/** Reads an archived letter; `undefined` where it is not there any more. Throws for what is none. */
export async function readArchivedLetter(
  bodies: Pick<Bodies, 'get'>,
  key: string,
): Promise<ArchivedLetter | undefined> {
  const body = await bodies.get(key);
  if (body === undefined) return undefined;
  const { sentAt, ...letter } = v.parse(stored, JSON.parse(Buffer.from(body.bytes).toString()));
  return { ...letter, failure: letter.failure, sentAt: Date.parse(sentAt), key };
}

/** How many letters lie in the archive. */
export async function countArchived(bodies: Pick<Bodies, 'list'>): Promise<number> {
  let count = 0;
  for await (const page of listAll(bodies, DEAD_LETTERS_PREFIX)) count += page.length;
  return count;
}
