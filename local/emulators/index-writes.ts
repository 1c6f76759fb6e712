import stores, { type IndexedTable, type Operation, type Store } from 'dynalite/db/index.js';

/** The writes to a table's indexes that belong to the write of an item, which its maker hands over as it was given. */
type IndexWritesOf = (item: unknown) => readonly Operation[];

/**
 * Keeps a dynalite from writing the indexes of a table by themselves, one after the other, before each item: whoever writes the
 * item writes them with it, in one go. That is the rule of DynamoDB's tables that no kill can split, and a twelfth of what
 * the embedded stack does in a second. What removes an item does as before.
 */
export function takeIndexWrites(store: Store, tableName: string): IndexWritesOf {
  const waiting = new WeakMap<object, readonly Operation[]>();
  const { updateIndexes } = stores;
  stores.updateIndexes = (of, table, before, item, done) => {
    if (of === store && table.TableName === tableName && item) {
      waiting.set(item, operationsOf(table, before, item));
      done(null);
    } else {
      updateIndexes(of, table, before, item, done);
    }
  };
  return (item) => (typeof item === 'object' && item !== null ? (waiting.get(item) ?? []) : []);
}

function operationsOf(
  table: IndexedTable,
  before: object | undefined,
  after: object,
): readonly Operation[] {
  return (['Local', 'Global'] as const).flatMap((type) => {
    const indexes = table[`${type}SecondaryIndexes`] ?? [];
    const { puts, deletes } = stores.getIndexActions(indexes, before, after, table);
    // As dynalite names an index's part of its database (`getIndexDb`).
    const keyOf = ({ index, key }: { readonly index: string; readonly key: string }): string =>
      `index-${type.toLowerCase()}~${table.TableName}~${index}~${key}`;
    return [
      ...deletes.map((one): Operation => ({ type: 'del', key: keyOf(one) })),
      ...puts.map((one): Operation => ({ type: 'put', key: keyOf(one), value: one.item })),
    ];
  });
}
