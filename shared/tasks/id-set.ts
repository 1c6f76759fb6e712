import { hash } from 'node:crypto';

/**
 * Ids, each as 64 bits of its hash: eight bytes for an id, twice as many while it grows. Among a million ids
 * two are taken for one with a chance of one in 37 million.
 */
export interface IdSet {
  readonly size: number;
  /** False where it was in. */
  add(id: string): boolean;
  has(id: string): boolean;
  /** All of it, for {@link createIdSet}. */
  toBytes(): Uint8Array;
}

const FEWEST_SLOTS = 1_024;

/** Beyond this share of its slots a table with open addressing gets slow. */
const FULLEST = 0.7;

const ENTRY_BYTES = 8;

/** Two words of 32 bits for a slot; both are zero where it is free. */
interface Table {
  readonly words: Uint32Array;
  readonly slots: number;
}

export function createIdSet(bytes: Uint8Array = new Uint8Array()): IdSet {
  let table = emptyTable(bytes.length / ENTRY_BYTES);
  let size = 0;
  const put = (low: number, high: number): boolean => {
    const at = place(table, low, high);
    if (table.words[at] !== 0 || table.words[at + 1] !== 0) return false;
    table.words[at] = low;
    table.words[at + 1] = high;
    size += 1;
    if (size > table.slots * FULLEST) table = grown(table);
    return true;
  };
  for (const [low, high] of entriesOf(bytes)) put(low, high);
  return {
    get size() {
      return size;
    },
    add: (id) => put(...wordsOf(id)),
    has: (id) => {
      const at = place(table, ...wordsOf(id));
      return table.words[at] !== 0 || table.words[at + 1] !== 0;
    },
    toBytes: () => toBytes(table, size),
  };
}

function wordsOf(id: string): [low: number, high: number] {
  const digest = hash('sha256', id, 'buffer');
  const low = digest.readUInt32LE(0);
  const high = digest.readUInt32LE(4);
  return low === 0 && high === 0 ? [1, 0] : [low, high];
}

/** Where an entry stands, or would. */
function place({ words, slots }: Table, low: number, high: number): number {
  let slot = (low & (slots - 1)) >>> 0;
  for (;;) {
    const at = slot * 2;
    const isFree = words[at] === 0 && words[at + 1] === 0;
    if (isFree || (words[at] === low && words[at + 1] === high)) return at;
    slot = (slot + 1) & (slots - 1);
  }
}

function emptyTable(entries: number): Table {
  let slots = FEWEST_SLOTS;
  while (entries > slots * FULLEST) slots *= 2;
  return { words: new Uint32Array(slots * 2), slots };
}

function grown({ words, slots }: Table): Table {
  const next = { words: new Uint32Array(slots * 4), slots: slots * 2 };
  for (let at = 0; at < words.length; at += 2) {
    const [low = 0, high = 0] = [words[at], words[at + 1]];
    if (low === 0 && high === 0) continue;
    const to = place(next, low, high);
    next.words[to] = low;
    next.words[to + 1] = high;
  }
  return next;
}

function toBytes({ words }: Table, size: number): Uint8Array {
  const bytes = Buffer.alloc(size * ENTRY_BYTES);
  let offset = 0;
  for (let at = 0; at < words.length; at += 2) {
    const [low = 0, high = 0] = [words[at], words[at + 1]];
    if (low === 0 && high === 0) continue;
    offset = bytes.writeUInt32LE(high, bytes.writeUInt32LE(low, offset));
  }
  return bytes;
}

function* entriesOf(bytes: Uint8Array): Generator<[low: number, high: number]> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 0; at + ENTRY_BYTES <= bytes.length; at += ENTRY_BYTES) {
    yield [view.getUint32(at, true), view.getUint32(at + 4, true)];
  }
}
