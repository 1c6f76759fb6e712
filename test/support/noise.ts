import { createHash } from 'node:crypto';

const BLOCK_CHARACTERS = 86;

/** Text of at least that length that gzip makes no smaller than three quarters. */
export function noise(seed: number, length: number): string {
  return Array.from({ length: Math.ceil(length / BLOCK_CHARACTERS) }, (_, n) =>
    createHash('sha512')
      .update(`${String(seed)} ${String(n)}`)
      .digest('base64url'),
  ).join('');
}
