import { isDeepStrictEqual } from 'node:util';

import { type Item, itemBytes } from './item-size.ts';

/** A table as its prices need to know it. */
export interface MeteredTable {
  readonly keys: readonly string[];
  readonly indexes: readonly MeteredIndex[];
}

interface MeteredIndex {
  readonly name: string;
  readonly keys: readonly string[];
  /** Attributes beside the keys; `undefined` for all. */
  readonly others: readonly string[] | undefined;
}

const WRITE_UNIT_BYTES = 1_024;
const READ_UNIT_BYTES = 4_096;

/** Of one write: the larger of the item before and after it, or of what would have been written. */
export function writeUnits(...items: readonly (Item | undefined)[]): number {
  const bytes = items.map((item) => (item === undefined ? 0 : itemBytes(item)));
  return Math.max(1, Math.ceil(Math.max(...bytes) / WRITE_UNIT_BYTES));
}

/** Of one read; half as much where it need not be consistent. An item that is not there costs the least. */
export function readUnits(item: Item | undefined, isConsistent: boolean): number {
  const units = Math.max(1, Math.ceil((item ? itemBytes(item) : 0) / READ_UNIT_BYTES));
  return isConsistent ? units : units / 2;
}

/**
 * What a write of an item costs in an index: nothing where its entry stays as it is, one write where only other
 * attributes change, and a delete and a put where its key does (Developer Guide, "Using Global Secondary Indexes").
 */
export function indexUnits(
  table: MeteredTable,
  index: MeteredIndex,
  before: Item | undefined,
  after: Item | undefined,
): number {
  const was = entryOf(table, index, before);
  const is = entryOf(table, index, after);
  if (was === undefined && is === undefined) return 0;
  if (was === undefined || is === undefined) return writeUnits(was ?? is);
  if (isDeepStrictEqual(was, is)) return 0;
  const isSameKey = index.keys.every((name) => isDeepStrictEqual(was[name], is[name]));
  return isSameKey ? writeUnits(was, is) : writeUnits(was) + writeUnits(is);
}

/** The entry of an item; none where it lacks a key of the index. */
function entryOf(
  { keys }: MeteredTable,
  index: MeteredIndex,
  item: Item | undefined,
): Item | undefined {
  if (item === undefined || index.keys.some((name) => item[name] === undefined)) return undefined;
  const { others } = index;
  if (others === undefined) return item;
  const names = new Set([...keys, ...index.keys, ...others]);
  return Object.fromEntries(Object.entries(item).filter(([name]) => names.has(name)));
}
