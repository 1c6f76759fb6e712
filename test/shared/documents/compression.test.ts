import { gzipSync } from 'node:zlib';

import fc from 'fast-check';

import { compress, decodeUtf8, decompress } from '../../../shared/documents/compression.ts';
import { incompressibleText } from '../../support/records.ts';

const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values);

describe('compress', () => {
  it('gives back every text as it was', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'grapheme' }), async (text) => {
        expect(await decompress(await compress(text))).toBe(text);
      }),
    );
  });

  it('keeps a byte order mark', async () => {
    expect(await decompress(await compress('\ufeff{}'))).toBe('\ufeff{}');
  });

  it.each([0, 1, 249, 250, 251, 7_929, 7_930, 7_931, 32_505, 32_506, 32_507, 100_000, 100_001])(
    'gives back %i bytes that repeat only from end to end, as small as any gzip of them',
    async (length) => {
      const start = incompressibleText(300).slice(0, Math.min(length, 200));
      const text = (start + incompressibleText(Math.max(300, length)).slice(200)).slice(0, length);
      const again =
        text.slice(0, length - Math.min(length, 100)) + start.slice(0, Math.min(length, 100));

      const bytes = await compress(again);

      expect(await decompress(bytes)).toBe(again);
      expect(bytes).toEqual(new Uint8Array(gzipSync(again)));
    },
  );

  it('makes a repetitive document much smaller', async () => {
    const text = '{"label":"car"},'.repeat(10_000);
    expect((await compress(text)).byteLength).toBeLessThan(text.length / 50);
  });
});

describe('decodeUtf8', () => {
  it('reads characters of every length', () => {
    expect(decodeUtf8(Buffer.from('aé€😀'))).toBe('aé€😀');
  });

  it('reads no bytes as an empty text', () => {
    expect(decodeUtf8(bytes())).toBe('');
  });

  it('keeps a byte order mark, so that encoding gives the same bytes back', () => {
    const marked = bytes(0xef, 0xbb, 0xbf, 0x7b, 0x7d);
    const text = decodeUtf8(marked) ?? '';
    expect(text).toBe('\ufeff{}');
    expect([...Buffer.from(text)]).toEqual([...marked]);
  });

  it.each([
    ['a byte that never occurs', bytes(0x7b, 0xff, 0x7d)],
    ['a character that breaks off', bytes(0xe2, 0x82)],
    ['a continuation without a beginning', bytes(0x80)],
    ['an overlong form', bytes(0xc0, 0xaf)],
    ['an encoded surrogate', bytes(0xed, 0xa0, 0x80)],
    ['a code point beyond Unicode', bytes(0xf4, 0x90, 0x80, 0x80)],
    ['UTF-16', bytes(0xff, 0xfe, 0x7b, 0x00)],
  ])('refuses %s', (_, invalid) => {
    expect(decodeUtf8(invalid)).toBeUndefined();
  });

  it('either refuses bytes or gives a text that encodes to the same bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 8 }), (some) => {
        const text = decodeUtf8(some);
        if (text !== undefined) expect([...Buffer.from(text)]).toEqual([...some]);
      }),
    );
  });
});
