import { randomBytes } from 'node:crypto';
import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';

import type { WithDocument } from '../../readers/typescript/read-tasks.ts';
import type { TaskHead } from '../../readers/typescript/task-head.ts';
import { CommandFailure } from '../failure.ts';
import { makeFolder, writeWhole } from './write.ts';
import { decodeRows, encodeRow, type ExportRow } from './export-row.ts';

/**
 * What an export has read so far, in a folder: parts of gzipped rows, each written whole. They are what an interrupted export
 * goes on from, and what a format is made of once all is read.
 */
export interface Spool {
  readonly folder: string;
  /** Keeps a task; it is on the disk once its part is full, or the spool was closed. */
  add(task: TaskHead & WithDocument): Promise<void>;
  /** Writes what is not on the disk yet. */
  close(): Promise<void>;
  /** The rows in the order in which they came, by their parts. */
  read(): AsyncGenerator<readonly ExportRow[]>;
  remove(): Promise<void>;
}

/** Of rows before gzip: what is held in memory at once, and what an interruption by force may cost. */
const PART_BYTES = 1 * 1024 * 1024;

const PART = /^part-\d{8}-[0-9a-f]{8}\.gz$/;

/** The folder may be there with the parts of an earlier run. */
export async function openSpool(folder: string): Promise<Spool> {
  await makeFolder(folder);
  const parts = (await readdir(folder)).filter((name) => PART.test(name)).sort();
  let rows: Uint8Array[] = [];
  let bytes = 0;
  const flush = async (): Promise<void> => {
    if (rows.length === 0) return;
    const whole = Buffer.concat(rows);
    // Where two run at once neither takes the other's part for its own.
    const name = `part-${String(parts.length).padStart(8, '0')}-${randomBytes(4).toString('hex')}.gz`;
    await writeWhole(join(folder, name), await promisify(gzip)(whole, { level: 1 }));
    parts.push(name);
    rows = [];
    bytes = 0;
  };
  return {
    folder,
    async add(task) {
      const encoded = encodeRow(task);
      rows.push(encoded);
      bytes += encoded.length;
      if (bytes >= PART_BYTES) await flush();
    },
    close: flush,
    async *read() {
      for (const name of parts) yield await readPart(join(folder, name));
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

async function readPart(path: string): Promise<readonly ExportRow[]> {
  const bytes = await readFile(path);
  try {
    return [...decodeRows(await promisify(gunzip)(bytes, { chunkSize: PART_BYTES }))];
  } catch (cause) {
    throw new CommandFailure('failed', `${path} is damaged`, {
      hint: 'remove its folder, and export again from the beginning',
      cause,
    });
  }
}
