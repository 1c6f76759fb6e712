import { promisify } from 'node:util';
import { gunzip, gunzipSync, gzip, gzipSync } from 'node:zlib';

const compressBytes = promisify(gzip);
const decompressBytes = promisify(gunzip);

/** Up to here a thread of the pool costs more than it takes over: 100 KB take 2 ms. */
const LARGEST_COMPRESSED_AT_ONCE_BYTES = 100_000;

/** Gzip of a text's UTF-8 bytes, as documents are stored. */
export async function compress(text: string): Promise<Uint8Array> {
  const bytes = Buffer.from(text, 'utf8');
  return bytes.byteLength <= LARGEST_COMPRESSED_AT_ONCE_BYTES
    ? gzipSync(bytes, { windowBits: windowBits(bytes.byteLength) })
    : compressBytes(bytes);
}

const LARGEST_WINDOW_BITS = 15;

/** As small as all of the text fits in: the same gzip, for less memory to clear first, a third of what 5 KB take. */
function windowBits(length: number): number {
  const bits = Math.ceil(Math.log2(length + LOOKAHEAD_BYTES));
  return Math.min(LARGEST_WINDOW_BITS, Math.max(SMALLEST_WINDOW_BITS, bits));
}

/** What zlib keeps free of its window (`MIN_LOOKAHEAD` of deflate.h). */
const LOOKAHEAD_BYTES = 262;
const SMALLEST_WINDOW_BITS = 9;

/** The text of what {@link compress} made. */
export async function decompress(bytes: Uint8Array): Promise<string> {
  const length = lengthOf(bytes);
  const chunkSize = Math.min(LARGEST_CHUNK_BYTES, Math.max(SMALLEST_CHUNK_BYTES, length + 1));
  const text =
    length <= LARGEST_UNPACKED_AT_ONCE_BYTES
      ? gunzipSync(bytes, { chunkSize })
      : await decompressBytes(bytes, { chunkSize });
  return text.toString('utf8');
}

const SMALLEST_CHUNK_BYTES = 64;
const LARGEST_CHUNK_BYTES = 1024 * 1024;

/** A thread of its own costs more time and memory than it takes to unpack so little, which is half a millisecond at most. */
const LARGEST_UNPACKED_AT_ONCE_BYTES = 64 * 1024;

/**
 * Bytes of all that comes out, as the last four say (RFC 1952), so that there is memory for them and no more: Node.js would take 16 KB
 * for each text, however short it is.
 */
function lengthOf(bytes: Uint8Array): number {
  const trailer = Buffer.from(bytes.subarray(-4));
  return trailer.length < 4 ? 0 : trailer.readUInt32LE();
}
