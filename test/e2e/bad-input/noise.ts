import { createCipheriv } from 'node:crypto';
import { gzipSync } from 'node:zlib';

/** Base64 that gzip can hardly shrink, always the same for a seed. */
export function noise(length: number, seed = 0): string {
  const cipher = createCipheriv('aes-128-ctr', Buffer.alloc(16, seed), Buffer.alloc(16));
  return cipher.update(Buffer.alloc(length)).toString('base64').slice(0, length);
}

/** A text made of noise whose gzip has exactly so many bytes. */
export function textOfGzip(bytes: number, around: (noise: string) => string): string {
  const sizeOf = (text: string): number => gzipSync(text).byteLength;
  for (let seed = 0; seed < 20; seed += 1) {
    const grain = noise(bytes * 2, seed);
    const made = (length: number): string => around(grain.slice(0, length));
    let [low, high] = [0, bytes * 2];
    while (high - low > 1) {
      const middle = Math.floor((low + high) / 2);
      if (sizeOf(made(middle)) <= bytes) low = middle;
      else high = middle;
    }
    for (let length = low - 8; length < low + 8; length += 1) {
      if (sizeOf(made(length)) === bytes) return made(length);
    }
  }
  throw new Error(`no text was found whose gzip has ${String(bytes)} bytes`);
}
