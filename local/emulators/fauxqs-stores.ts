import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

// fauxqs exports its stores only through `startFauxqs`, which listens on every interface. The version is
// pinned exactly, and a test shows that messages and objects survive.
import { PersistenceManager } from '../../node_modules/fauxqs/dist/persistence.js';
import { S3Store } from '../../node_modules/fauxqs/dist/s3/s3Store.js';
import { SnsStore } from '../../node_modules/fauxqs/dist/sns/snsStore.js';
import { SqsStore } from '../../node_modules/fauxqs/dist/sqs/sqsStore.js';
import { INVALID_MESSAGE_BODY_CHAR } from '../../node_modules/fauxqs/dist/sqs/sqsTypes.js';

export interface Stores {
  readonly sqsStore: SqsStore;
  readonly snsStore: SnsStore;
  readonly s3Store: S3Store;
}

const DATABASE_FILE = 'fauxqs.db';

/** SQS and S3 in memory and, with a path, on disk before they answer. */
export async function openStores(
  path: string | undefined,
): Promise<{ readonly stores: Stores; readonly closeStores: () => void }> {
  takeAllCharactersOfSqs();
  const stores = { sqsStore: new SqsStore(), snsStore: new SnsStore(), s3Store: new S3Store() };
  // Without a host of its own it answers queue URLs under the host that the caller used.
  stores.sqsStore.host = '';
  const persistence = await openPersistence(path);
  if (persistence !== undefined) restore(persistence, stores);
  return { stores, closeStores: () => persistence?.close() };
}

/** SQS takes #x10000 to #x10FFFF as well, emoji among them; fauxqs 2.4.1 refuses them. */
function takeAllCharactersOfSqs(): void {
  const forbidden = /[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/u;
  INVALID_MESSAGE_BODY_CHAR.test = (text) => forbidden.test(text);
}

async function openPersistence(path: string | undefined): Promise<PersistenceManager | undefined> {
  if (path === undefined) return undefined;
  await mkdir(path, { recursive: true });
  releaseInFlight(join(path, DATABASE_FILE));
  const manager = new PersistenceManager(path);
  // Written to the operating system before it answers, which is what a killed process needs; waiting for
  // the disk as well would hold every message up for the sake of a power cut on a developer's machine.
  const database: unknown = Reflect.get(manager, 'db');
  if (database instanceof DatabaseSync) {
    database.exec('PRAGMA synchronous = NORMAL');
    mendVisibilityOfZero(manager, database);
  }
  return manager;
}

/**
 * ChangeMessageVisibility to 0 puts a message back at once. fauxqs 2.4.1 writes that without its count of
 * receives, which the column refuses: the call fails, and the message is nowhere until the next start.
 */
function mendVisibilityOfZero(manager: PersistenceManager, database: DatabaseSync): void {
  const release = database.prepare(
    'UPDATE sqs_messages SET receipt_handle = NULL, visibility_deadline = NULL WHERE message_id = ?',
  );
  manager.updateMessageReady = (messageId) => {
    release.run(messageId);
  };
}

/**
 * Whoever had received a message died with the last process: it is to be received again at once. Nor does
 * that try count: what stands at the head of the queue would be given up after a few kills, though it has
 * never failed. (A message that failed and was waiting is given one try more.)
 */
function releaseInFlight(file: string): void {
  if (!existsSync(file)) return;
  const database = new DatabaseSync(file);
  database.exec(`
    UPDATE sqs_messages
    SET approximate_receive_count = max(0, approximate_receive_count - 1),
      receipt_handle = NULL,
      visibility_deadline = NULL
    WHERE receipt_handle IS NOT NULL`);
  database.close();
}

/** Loads before the stores learn of the persistence, as `startFauxqs` does, so that nothing is written twice. */
function restore(persistence: PersistenceManager, { sqsStore, snsStore, s3Store }: Stores): void {
  persistence.load(sqsStore, snsStore, s3Store);
  sqsStore.persistence = persistence;
  snsStore.persistence = persistence;
  s3Store.persistence = persistence;
  for (const queue of sqsStore.allQueues()) queue.persistence = persistence;
}
