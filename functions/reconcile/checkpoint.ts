import * as v from 'valibot';

import { checkpointKey, CHECKPOINTS_PREFIX } from '../../shared/documents/body-keys.ts';
import type { Bodies } from '../../shared/documents/bodies.ts';
import { sha256 } from '../../shared/documents/digest.ts';
import { createIdSet } from '../../shared/tasks/id-set.ts';
import type { Progress } from './progress.ts';
import { createWalkMemo } from './walk-memo.ts';

/** How far reconciles have come whose time was over, each source one object: all of it or nothing of it. */
export interface Checkpoints {
  /** The sources that have one, by {@link sourceHash}. */
  list(): Promise<ReadonlySet<string>>;
  /** `undefined` where there is none, or one that another version of this function wrote. */
  load(source: string): Promise<Progress | undefined>;
  save(source: string, progress: Progress): Promise<void>;
  remove(source: string): Promise<void>;
}

/** Counted up whenever what is kept means something else: an older one begins anew. */
const FORMAT = 1;

const time = v.number();
const span = v.object({ from: v.optional(time), until: time });

const header = v.object({
  format: v.literal(FORMAT),
  startedAt: time,
  scaleStartedAt: time,
  walked: v.object({
    coverages: v.record(
      v.string(),
      v.object({
        filters: v.string(),
        covered: v.array(v.object({ ...span.entries, walkedAt: time, lastWalkedAt: time })),
        settled: v.optional(v.array(span)),
        triedAt: v.optional(time),
        limit: v.optional(v.number()),
        isRefused: v.optional(v.boolean()),
      }),
    ),
    slices: v.array(
      v.object({
        status: v.string(),
        filters: v.string(),
        span,
        openedAt: time,
        walkedAt: time,
        nextToken: v.optional(v.string()),
        pages: v.number(),
        tasks: v.number(),
      }),
    ),
  }),
  counts: v.object({
    missing: v.number(),
    differing: v.number(),
    open: v.number(),
    gone: v.number(),
    overdue: v.number(),
    unreadable: v.number(),
    foreign: v.number(),
  }),
  ids: v.object({
    missing: v.array(v.string()),
    differing: v.array(v.string()),
    open: v.array(v.string()),
    gone: v.array(v.string()),
  }),
  seenBytes: v.number(),
});

export function createCheckpoints(bodies: Bodies): Checkpoints {
  const keyOf = (source: string): string => checkpointKey(sourceHash(source));
  return {
    async list() {
      const found = await bodies.list(CHECKPOINTS_PREFIX);
      return new Set(found.map(({ key }) => key.slice(CHECKPOINTS_PREFIX.length)));
    },
    async load(source) {
      const body = await bodies.get(keyOf(source));
      return body && parse(body.bytes);
    },
    async save(source, progress) {
      await bodies.put(keyOf(source), { bytes: serialize(progress), metadata: {} });
    },
    async remove(source) {
      await bodies.remove(keyOf(source));
    },
  };
}

/** A source as part of a key, which cannot hold every character of a name. */
export function sourceHash(source: string): string {
  return sha256(source).slice(0, 32);
}

const LENGTH_BYTES = 4;

/** The length of the header, the header as JSON, and the two sets of ids. */
function serialize({ book, seen, noted, ...rest }: Progress): Uint8Array {
  const seenBytes = seen.toBytes();
  const head = { format: FORMAT, ...rest, walked: book.walked(), seenBytes: seenBytes.length };
  const json = Buffer.from(JSON.stringify(head), 'utf8');
  const length = Buffer.alloc(LENGTH_BYTES);
  length.writeUInt32LE(json.length);
  return Buffer.concat([length, json, seenBytes, noted.toBytes()]);
}

function parse(bytes: Uint8Array): Progress | undefined {
  const all = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = LENGTH_BYTES + all.readUInt32LE(0);
  const read = v.safeParse(header, JSON.parse(all.toString('utf8', LENGTH_BYTES, end)));
  if (!read.success) return undefined;
  const { walked, seenBytes, startedAt, scaleStartedAt, counts, ids } = read.output;
  return {
    ...{ startedAt, scaleStartedAt, counts, ids },
    book: createWalkMemo(walked),
    seen: createIdSet(all.subarray(end, end + seenBytes)),
    noted: createIdSet(all.subarray(end + seenBytes)),
  };
}
