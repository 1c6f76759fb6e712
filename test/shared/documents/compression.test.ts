import { gzipSync } from 'node:zlib';

import fc from 'fast-check';

import { compress, decompress } from '../../../shared/documents/compression.ts';
import { incompressibleText } from '../../support/records.ts';

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
    'gives back %i bytes whose end repeats their beginning, as small as any gzip of them',
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
