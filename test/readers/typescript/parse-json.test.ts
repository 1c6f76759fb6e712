import fc from 'fast-check';

import { ExactNumber } from '../../../readers/typescript/exact-number.ts';
import { parseJson } from '../../../readers/typescript/parse-json.ts';
import { valueText } from '../../shared/documents/arbitrary-json.ts';

/** A value with every number of its own kind as the nearest of JavaScript. */
function rounded(value: unknown): unknown {
  if (value instanceof ExactNumber || typeof value === 'bigint') return Number(value);
  if (Array.isArray(value)) return value.map(rounded);
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).map(([name, one]) => [name, rounded(one)] as const);
  // By definition, since one may be called __proto__.
  return Object.fromEntries(members);
}

it.each(['bigint', 'exact'] as const)('any text means the same with numbers as %s', (numbers) => {
  fc.assert(
    fc.property(valueText, (text) => {
      expect(rounded(parseJson(text, numbers))).toEqual(rounded(JSON.parse(text)));
    }),
  );
});

it('a whole number beyond 2^53 keeps its digits as bigint, and all others are numbers', () => {
  const text = '{"a": 9007199254740993, "b": [-9007199254740993, 1.5, 12345678901234567890.5, 7]}';
  expect(parseJson(text, 'bigint')).toEqual({
    a: 9007199254740993n,
    b: [-9007199254740993n, 1.5, 12345678901234567000, 7],
  });
});

it('every number keeps its digits where all are to be exact', () => {
  const { a, b, c } = parseJson('{"a": 1.10, "b": -0, "c": 1E+400}', 'exact') as Record<
    'a' | 'b' | 'c',
    ExactNumber
  >;
  expect([a, b, c].map(String)).toEqual(['1.10', '-0', '1E+400']);
  expect(Number(a)).toBe(1.1);
});

it.each(['number', 'bigint', 'exact'] as const)('text of any depth is read, as %s', (numbers) => {
  const depth = 100_000;
  const text = `${'['.repeat(depth)}9007199254740993${']'.repeat(depth)}`;
  let value = parseJson(text, numbers);
  for (let level = 0; level < depth; level += 1) value = (value as unknown[])[0];
  expect(String(value)).toMatch(/^900719925474099[23]$/);
});

it('text that is no JSON is refused', () => {
  expect(() => parseJson('{"a": 1', 'exact')).toThrow(SyntaxError);
});
