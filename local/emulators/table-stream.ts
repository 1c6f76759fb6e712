import type { ItemDatabase, Operation, Store } from 'dynalite/db/index.js';
import * as v from 'valibot';

import { takeIndexWrites } from './index-writes.ts';

/** A record of a stream as Lambda hands it over (DynamoDB docs, "Streams Record"). */
const streamRecord = v.looseObject({
  eventName: v.picklist(['INSERT', 'MODIFY', 'REMOVE']),
  dynamodb: v.looseObject({
    ApproximateCreationDateTime: v.number(),
    SequenceNumber: v.string(),
  }),
});

export type StreamRecord = v.InferOutput<typeof streamRecord>;

/** The writes to a table that somebody reads, until they have been dealt with. */
export interface TableStream {
  readonly arn: string;
  /** The oldest that are there, in the order of the writes to each item. */
  read(limit: number): Promise<readonly StreamRecord[]>;
  /** Takes away what has been dealt with: there is one reader. */
  remove(records: readonly StreamRecord[]): Promise<void>;
  /** Settles at the next write, or at once if there was one since the last `read`. */
  nextWrite(signal: AbortSignal): Promise<void>;
}

export interface TableStreamSettings {
  readonly store: Store;
  readonly table: string;
  /** The names of the key attributes. */
  readonly keys: readonly string[];
  /** Whether anybody wants the record of a write. What nobody wants is not kept. */
  readonly isWanted: (record: StreamRecord) => boolean;
}

const DIGITS = 21;

const item = v.record(v.string(), v.unknown());

/**
 * A stream on a table of dynalite. An item, its entries in indexes and its record are one write of the database, as in DynamoDB:
 * whatever kills the process, there is never one without the others.
 */
export async function openTableStream(settings: TableStreamSettings): Promise<TableStream> {
  const { store, table, isWanted } = settings;
  const prefix = `stream-${table}~`;
  const keyOf = ({ dynamodb }: StreamRecord): string => prefix + dynamodb.SequenceNumber;
  const range = { gt: prefix, lt: `${prefix}~` };
  const [last] = await store.db.iterator({ ...range, limit: 1, reverse: true }).all();
  const next = sequence(last?.[0].slice(prefix.length));
  const arn = `arn:aws:dynamodb:us-east-1:000000000000:table/${table}/stream/local`;
  const writes = wakeUps();

  const items = store.getItemDb(table);
  const indexWritesOf = takeIndexWrites(store, table);
  /** The table's own lock is held meanwhile: what stood there is still there, and the order is the item's. */
  const write = async (key: string, after: unknown): Promise<void> => {
    const itemKey = `item-${table}~${key}`;
    const before = store.db.getSync(itemKey);
    const record = toRecord(settings, arn, next(), { before, after });
    const own: Operation =
      after === undefined
        ? { type: 'del', key: itemKey }
        : { type: 'put', key: itemKey, value: after };
    const isKept = record !== undefined && isWanted(record);
    const kept: Operation[] = isKept ? [{ type: 'put', key: keyOf(record), value: record }] : [];
    await store.db.batch([own, ...indexWritesOf(after), ...kept]);
    if (isKept) writes.wake();
  };
  replaceWrites(items, write);

  return {
    arn,
    nextWrite: writes.next,
    read: async (limit) => {
      writes.forget();
      const found = await store.db.iterator({ ...range, limit }).all();
      return found.map(([, value]) => v.parse(streamRecord, value));
    },
    // One by one and no range: a write that began earlier may have ended later.
    remove: (records) =>
      store.db.batch(records.map((record) => ({ type: 'del', key: keyOf(record) }))),
  };
}

function replaceWrites(
  items: ItemDatabase,
  write: (key: string, after: unknown) => Promise<void>,
): void {
  items.put = (key, after, done) => {
    write(key, after).then(() => {
      done(null);
    }, done);
  };
  items.del = (key, done) => {
    write(key, undefined).then(() => {
      done(null);
    }, done);
  };
}

/** Numbers that go up from one start to the next as well, even if the clock went back a little. */
function sequence(last: string | undefined): () => string {
  let at = Math.max(Date.now() * 1_000, Number(last ?? 0));
  return () => String((at += 1)).padStart(DIGITS, '0');
}

/** `undefined` where nothing was there and nothing is. */
function toRecord(
  { table, keys }: TableStreamSettings,
  eventSourceARN: string,
  SequenceNumber: string,
  { before, after }: { readonly before: unknown; readonly after: unknown },
): StreamRecord | undefined {
  const either = after ?? before;
  if (either === undefined) return undefined;
  const attributes = v.parse(item, either);
  const written = before === undefined ? 'INSERT' : 'MODIFY';
  return {
    eventID: `${table}-${SequenceNumber}`,
    eventName: after === undefined ? 'REMOVE' : written,
    eventVersion: '1.1',
    eventSource: 'aws:dynamodb',
    eventSourceARN,
    awsRegion: 'us-east-1',
    dynamodb: {
      ApproximateCreationDateTime: Math.floor(Date.now() / 1_000),
      SequenceNumber,
      Keys: Object.fromEntries(keys.map((key) => [key, attributes[key]])),
      ...(before !== undefined && { OldImage: before }),
      ...(after !== undefined && { NewImage: after }),
      StreamViewType: 'NEW_AND_OLD_IMAGES',
    },
  };
}

/** One sleeper that is woken, also by what happened while it was awake. */
function wakeUps() {
  let isAwake = false;
  let wakeSleeper = (): void => undefined;
  return {
    wake: () => {
      isAwake = true;
      wakeSleeper();
    },
    forget: () => {
      isAwake = false;
    },
    next: (signal: AbortSignal) =>
      new Promise<void>((resolve) => {
        if (isAwake || signal.aborted) {
          resolve();
          return;
        }
        const done = (): void => {
          signal.removeEventListener('abort', done);
          resolve();
        };
        wakeSleeper = done;
        signal.addEventListener('abort', done);
      }),
  };
}
