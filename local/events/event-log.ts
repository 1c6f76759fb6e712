import {
  closeSync,
  fstatSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';

/** A line and the position after it, from which one may go on. */
interface LoggedEvent {
  readonly line: string;
  readonly end: number;
}

/** The events in the order in which they were published, one JSON object a line. A position counts bytes. */
export interface EventLog {
  /** Durable when it comes back, as far as the process is concerned. */
  readonly append: (lines: readonly string[]) => void;
  /** The position after the last event. */
  readonly end: () => number;
  /** Some events after a position; none at the end. A position that is none of this log counts as 0. */
  readonly read: (after: number) => readonly LoggedEvent[];
  /** Is told of each append; answers how to end that. */
  readonly onAppend: (listener: () => void) => () => void;
  readonly close: () => void;
}

const NEWLINE = 0x0a;

const CHUNK_BYTES = 64 * 1024;

/** In a file that is made where there is none, or in memory. */
export function openEventLog(path: string | undefined): EventLog {
  const bytes = path === undefined ? inMemory() : inFile(path);
  const listeners = new Set<() => void>();
  return {
    append: (lines) => {
      bytes.append(Buffer.from(lines.map((line) => `${line}\n`).join('')));
      for (const tell of listeners) tell();
    },
    end: bytes.size,
    read: (after) => readLines(bytes, isPosition(bytes, after) ? after : 0),
    onAppend: (listener) => {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
    close: bytes.close,
  };
}

/** Where the lines stand. */
interface Bytes {
  readonly append: (buffer: Buffer) => void;
  readonly size: () => number;
  /** As many bytes from a position on as there are, and as fit. */
  readonly read: (from: number, length: number) => Buffer;
  readonly close: () => void;
}

function isPosition(bytes: Bytes, position: number): boolean {
  if (position === 0) return true;
  if (!Number.isSafeInteger(position) || position < 0 || position > bytes.size()) return false;
  return bytes.read(position - 1, 1)[0] === NEWLINE;
}

/** The whole lines of one chunk, and at least one line however long it is. */
function readLines(bytes: Bytes, from: number): LoggedEvent[] {
  let chunk = bytes.read(from, CHUNK_BYTES);
  for (let length = CHUNK_BYTES; chunk.length === length && !chunk.includes(NEWLINE);) {
    length *= 2;
    chunk = bytes.read(from, length);
  }
  const lines: LoggedEvent[] = [];
  let at = 0;
  for (let end = chunk.indexOf(NEWLINE); end !== -1; end = chunk.indexOf(NEWLINE, at)) {
    lines.push({ line: chunk.toString('utf8', at, end), end: from + end + 1 });
    at = end + 1;
  }
  return lines;
}

function inFile(path: string): Bytes {
  mkdirSync(dirname(path), { recursive: true });
  const file = openSync(path, 'a+');
  const read = (from: number, length: number): Buffer => {
    const buffer = Buffer.alloc(length);
    return buffer.subarray(0, readSync(file, buffer, 0, length, from));
  };
  let size = wholeLines(fstatSync(file).size, read);
  // What a power cut has left of a line was not acknowledged, and comes again.
  ftruncateSync(file, size);
  return {
    append: (buffer) => {
      for (let at = 0; at < buffer.length;) at += writeSync(file, buffer, at);
      size += buffer.length;
    },
    size: () => size,
    read,
    close: () => {
      closeSync(file);
    },
  };
}

/** So many bytes of the file are whole lines. */
function wholeLines(size: number, read: (from: number, length: number) => Buffer): number {
  for (let end = size; end > 0; end -= CHUNK_BYTES) {
    const from = Math.max(0, end - CHUNK_BYTES);
    const last = read(from, end - from).lastIndexOf(NEWLINE);
    if (last !== -1) return from + last + 1;
  }
  return 0;
}

function inMemory(): Bytes {
  const chunks: Buffer[] = [];
  let size = 0;
  return {
    append: (buffer) => {
      chunks.push(buffer);
      size += buffer.length;
    },
    size: () => size,
    read: (from, length) => {
      chunks.splice(0, chunks.length, Buffer.concat(chunks));
      return chunks[0]?.subarray(from, from + length) ?? Buffer.alloc(0);
    },
    close: () => undefined,
  };
}
