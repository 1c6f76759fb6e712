import { type FileHandle, mkdir, open, realpath, rename, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';

import { CommandFailure } from '../failure.ts';

type Chunks = AsyncIterable<Uint8Array>;

/** The path that a file will stand under, as links lead to it. A `CommandFailure` where no file can. */
export async function writablePath(path: string): Promise<string> {
  const failure = (what: string, hint: string, cause?: unknown): CommandFailure =>
    new CommandFailure('usage', `--out ${path}: ${what}`, { hint, cause });
  const found = await stat(path).catch(() => undefined);
  if (found?.isFile() === true) return realpath(path);
  if (found !== undefined) {
    throw failure('is not a file', 'give the name of a file, or - for stdout');
  }
  const folder = dirname(resolve(path));
  try {
    return join(await realpath(folder), basename(path));
  } catch (cause) {
    throw failure('its folder is not there', `mkdir -p ${folder}`, cause);
  }
}

/** An error of the file system in words; any other as it is. */
function fileFailure(error: unknown, path: string): unknown {
  if (!(error instanceof Error && 'syscall' in error)) return error;
  return new CommandFailure('failed', `${path} cannot be written: ${error.message}`, {
    hint:
      'code' in error && error.code === 'ENOENT'
        ? 'has another export to the same file ended meanwhile, or somebody removed its folder?'
        : 'is the disk full, or may you not write there?',
    cause: error,
  });
}

/** A folder that others may not look into: it is for whole tasks. It may be there. */
export async function makeFolder(path: string): Promise<void> {
  try {
    await mkdir(path, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw fileFailure(error, path);
  }
}

/** Writes a file of tasks, which others than its owner need not read. It is there whole or not at all. */
export async function writeWhole(path: string, bytes: string | Uint8Array): Promise<void> {
  const unfinished = `${path}.unfinished`;
  await putInPlace(path, { unfinished, mode: 0o600 }, (file) => file.writeFile(bytes));
}

/**
 * Writes a file that is there whole or not at all; `unfinished` is its name until then, on the same file system. Answers its bytes.
 * Where it fails or is aborted, a file that was there before is as it was.
 */
export async function writeFile(
  path: string,
  unfinished: string,
  chunks: Chunks,
  signal: AbortSignal,
): Promise<number> {
  let written = 0;
  await putInPlace(path, { unfinished, mode: 0o666 }, async (file) => {
    written = await flow(chunks, (bytes) => file.writeFile(bytes), signal);
  });
  return written;
}

/** Onto the disk under another name first, and then under its own. */
async function putInPlace(
  path: string,
  { unfinished, mode }: { readonly unfinished: string; readonly mode: number },
  write: (file: FileHandle) => Promise<void>,
): Promise<void> {
  try {
    const file = await open(unfinished, 'w', mode);
    try {
      await write(file);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(unfinished, path);
    await syncFolder(dirname(path));
  } catch (error) {
    throw fileFailure(error, path);
  }
}

/** Writes as fast as somebody reads. Answers the bytes. */
export function writeStdout(
  write: (bytes: Uint8Array) => Promise<void>,
  chunks: Chunks,
  signal: AbortSignal,
): Promise<number> {
  return flow(chunks, write, signal);
}

async function flow(
  chunks: Chunks,
  write: (bytes: Uint8Array) => Promise<void>,
  signal: AbortSignal,
): Promise<number> {
  let written = 0;
  for await (const bytes of chunks) {
    signal.throwIfAborted();
    await write(bytes);
    written += bytes.length;
  }
  signal.throwIfAborted();
  return written;
}

/** A rename is on the disk once its folder is. */
async function syncFolder(folder: string): Promise<void> {
  const opened = await open(folder, 'r');
  try {
    await opened.sync();
  } finally {
    await opened.close();
  }
}
