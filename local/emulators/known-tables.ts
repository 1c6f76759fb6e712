import type { Store } from 'dynalite/db/index.js';

/**
 * Has dynalite keep what it knows of its active tables: it reads a table's description from its LevelDB before every read and write
 * of an item, which took an eighth of the embedded stack's main thread. Whatever changes a table makes it read that again.
 */
export function rememberTables(store: Store): void {
  const known = new Map<string, unknown>();
  const { getTable, tableDb } = store;
  const put = tableDb.put.bind(tableDb);
  const del = tableDb.del.bind(tableDb);
  store.getTable = (name, ...rest) => {
    const [done] = rest;
    // With a flag before it the caller manages tables, and takes one in any state.
    if (typeof done !== 'function') {
      getTable(name, ...rest);
      return;
    }
    const table = known.get(name);
    if (table !== undefined) {
      setImmediate(done, null, table);
      return;
    }
    const seen = changes;
    getTable(name, (error, found) => {
      if (!error && seen === changes) known.set(name, found);
      done(error, found);
    });
  };
  /** A read that began before a change is not kept. */
  let changes = 0;
  const forget = (): void => {
    changes += 1;
    known.clear();
  };
  tableDb.put = (name, table, done) => {
    forget();
    put(name, table, (error) => {
      forget();
      done(error);
    });
  };
  tableDb.del = (name, done) => {
    forget();
    del(name, (error) => {
      forget();
      done(error);
    });
  };
}
