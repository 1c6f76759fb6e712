import fc from 'fast-check';

import { decodeUtf8 } from '../../../shared/documents/utf8.ts';

const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values);

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
