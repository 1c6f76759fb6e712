import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';

const compressBytes = promisify(gzip);
const decompressBytes = promisify(gunzip);

/** Gzip of a text's UTF-8 bytes, as documents are stored. */
export async function compress(text: string): Promise<Uint8Array> {
  return compressBytes(Buffer.from(text, 'utf8'));
}

/** The text of what {@link compress} made. */
export async function decompress(bytes: Uint8Array): Promise<string> {
  return (await decompressBytes(bytes)).toString('utf8');
}

/**
 * The text of UTF-8 bytes, or `undefined` where they are none. A byte order mark is kept, so that
 * encoding gives the same bytes back.
 */
export function decodeUtf8(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
