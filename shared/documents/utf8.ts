import { isUtf8 } from 'node:buffer';

/**
 * The text of UTF-8 bytes, or `undefined` where they are none. A byte order mark is kept, so that
 * encoding gives the same bytes back.
 */
export function decodeUtf8(bytes: Uint8Array): string | undefined {
  if (!isUtf8(bytes)) return undefined;
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
}
