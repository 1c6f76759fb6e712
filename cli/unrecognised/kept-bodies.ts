import * as v from 'valibot';

import type { Bodies, ListedBody, StoredBody } from '../../shared/documents/bodies.ts';
import { UNRECOGNISED_PREFIX } from '../../shared/documents/body-keys.ts';
import { listAll } from '../../shared/documents/list-all.ts';
import { type Origin, originOfMetadata } from '../../shared/queue/task-message.ts';

/** A body that nobody understood, without its bytes. */
export interface KeptBody {
  readonly key: string;
  readonly reason: string;
  readonly source: string;
  /** When it was seen, epoch milliseconds. */
  readonly seenAt: number;
  readonly size: number;
  /** How it came; absent where too little was written down to send it again. */
  readonly origin: Origin | undefined;
}

/** As the worker writes it; before replays there were, the source's own times were not there. */
const metadata = v.object({
  source: v.optional(v.string(), 'unknown'),
  reason: v.optional(v.string(), 'unknown'),
  seenat: v.optional(v.pipe(v.string(), v.isoTimestamp(), v.transform(Date.parse))),
});

const READS_AT_ONCE = 20;

/** Shows all of them, by the day on which they were seen, some at a time. */
export async function* keptBodies(
  bodies: Pick<Bodies, 'list' | 'getMetadata'>,
): AsyncGenerator<readonly KeptBody[]> {
  for await (const page of listAll(bodies, UNRECOGNISED_PREFIX)) {
    for (let from = 0; from < page.length; from += READS_AT_ONCE) {
      const some = page.slice(from, from + READS_AT_ONCE);
      const all = await Promise.all(some.map((one) => describe(bodies, one)));
      yield all.filter((one) => one !== undefined);
    }
  }
}

async function describe(
  bodies: Pick<Bodies, 'getMetadata'>,
  { key, writtenAt, bytes }: ListedBody,
): Promise<KeptBody | undefined> {
  const found = await bodies.getMetadata(key);
  return found && keptBody(key, found, { writtenAt, size: bytes });
}

/** What an object's metadata say of it. */
export function keptBody(
  key: string,
  found: StoredBody['metadata'],
  { writtenAt, size }: { readonly writtenAt: number; readonly size: number },
): KeptBody {
  const parsed = v.safeParse(metadata, found);
  const { source, reason, seenat } = parsed.success
    ? parsed.output
    : { source: 'unknown', reason: 'unknown', seenat: undefined };
  const origin = originOfMetadata(found) ?? callbackOf(source, seenat);
  return { key, reason, source, seenAt: seenat ?? writtenAt, size, origin };
}

function callbackOf(source: string, receivedAt: number | undefined): Origin | undefined {
  return source === 'callback' && receivedAt !== undefined ? { source, receivedAt } : undefined;
}
