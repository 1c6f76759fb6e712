import type { Store } from 'dynalite/db/index.js';

/**
 * Has dynalite read its LevelDB where it stands. By default each read is handed to another thread, which took an eighth of the
 * embedded stack's main thread: several times what the read itself takes of data this small.
 */
export function readInPlace({ db }: Store): void {
  const get = db.get.bind(db);
  db.get = (key, done) => {
    // Before it is open reads wait, and come here once more by themselves, without `done`. Later they are refused in dynalite's own words.
    if (typeof done !== 'function' || db.status !== 'open') return get(key, done);
    setImmediate(done, null, db.getSync(key));
    return undefined;
  };
}
