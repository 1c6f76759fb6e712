import { DatabaseSync } from 'node:sqlite';

/** What is kept, by kind and id. */
interface StoredThing {
  readonly kind: string;
  readonly id: string;
  readonly value: unknown;
}

/** Keeps things in a file. What was changed is written within {@link FLUSH_MS}, each thing once. */
export interface Store {
  load(): Iterable<StoredThing>;
  /** `read` is asked when it is written; `undefined` removes the thing. */
  save(kind: string, id: string, read: () => unknown): void;
  close(): void;
}

/** A file that cannot be used; the message is one line. */
export class StoreError extends Error {
  override readonly name = 'StoreError';
}

/** At the worst so much is lost to a `kill -9`, or twice that under a flood of changes. */
const FLUSH_MS = 300;

/** Rows in one transaction, so that a million of new tasks does not stop the simulator for long. */
const MOST_ROWS = 20_000;

interface Change {
  readonly kind: string;
  readonly id: string;
  readonly read: () => unknown;
}

/** A SQLite file of one table. The lock on it goes with the process, however that ends. */
export function openStore(file: string): Store {
  const database = open(file);
  const changes = new Map<string, Change>();
  const write = database.prepare('INSERT OR REPLACE INTO things (kind, id, json) VALUES (?, ?, ?)');
  const remove = database.prepare('DELETE FROM things WHERE kind = ? AND id = ?');
  let timer: NodeJS.Timeout | undefined;

  const flush = (): void => {
    timer = undefined;
    if (changes.size === 0) return;
    let rows = 0;
    database.exec('BEGIN');
    for (const [key, { kind, id, read }] of changes) {
      if ((rows += 1) > MOST_ROWS) break;
      const value = read();
      if (value === undefined) remove.run(kind, id);
      else write.run(kind, id, JSON.stringify(value));
      changes.delete(key);
    }
    database.exec('COMMIT');
    if (changes.size > 0) plan(0);
  };
  const plan = (ms: number): void => {
    timer ??= setTimeout(flush, ms).unref();
  };

  return {
    load: function* () {
      for (const row of database.prepare('SELECT kind, id, json FROM things').iterate()) {
        const value: unknown = JSON.parse(String(row['json']));
        yield { kind: String(row['kind']), id: String(row['id']), value };
      }
    },
    save: (kind, id, read) => {
      changes.set(`${kind} ${id}`, { kind, id, read });
      plan(FLUSH_MS);
    },
    close: () => {
      clearTimeout(timer);
      while (changes.size > 0) flush();
      clearTimeout(timer);
      database.close();
    },
  };
}

function open(file: string): DatabaseSync {
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(file);
    database.exec('PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL');
    database.exec('PRAGMA synchronous = NORMAL; BEGIN IMMEDIATE');
    database.exec(
      'CREATE TABLE IF NOT EXISTS things (kind TEXT, id TEXT, json TEXT, PRIMARY KEY (kind, id))',
    );
    database.exec('COMMIT');
    return database;
  } catch (cause) {
    database?.close();
    const why = cause instanceof Error ? cause.message : String(cause);
    const hint = why.includes('locked') ? 'another simulator uses it' : why;
    throw new StoreError(`the data file ${file} cannot be used: ${hint}`, { cause });
  }
}
