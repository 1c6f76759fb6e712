import fc from 'fast-check';

import { compress, decompress } from '../../../shared/documents/compression.ts';

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

  it('makes a repetitive document much smaller', async () => {
    const text = '{"label":"car"},'.repeat(10_000);
    expect((await compress(text)).byteLength).toBeLessThan(text.length / 50);
  });
});
