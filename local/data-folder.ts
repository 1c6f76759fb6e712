import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

import { SettingsError } from './settings.ts';

/**
 * Makes the data folder and takes it for this process alone. The lock is the operating system's, on an
 * open SQLite file, so it goes with the process however that ends. Answers how to give it back.
 */
export async function takeDataFolder(dataDir: string): Promise<() => void> {
  try {
    await mkdir(dataDir, { recursive: true });
  } catch (cause) {
    throw new SettingsError(`the folder DATA_DIR=${dataDir} cannot be made`, { cause });
  }
  const lock = new DatabaseSync(join(dataDir, 'lock.db'));
  try {
    lock.exec('BEGIN EXCLUSIVE');
  } catch (cause) {
    lock.close();
    throw new SettingsError(
      `DATA_DIR=${dataDir} is in use by another stack: stop that one, or set DATA_DIR to another folder`,
      { cause },
    );
  }
  return () => {
    lock.close();
  };
}
