import fc from 'fast-check';

import { parseExactly } from '../../../shared/fields/exact-json.ts';
import { isNumberOfDynamodb } from '../../../shared/fields/dynamodb-number.ts';

describe('a number that DynamoDB and JavaScript have stays one', () => {
  it.each([
    '0',
    '-0',
    '1',
    '-1.5',
    '1.10',
    '0.1',
    '123456789012345',
    '9007199254740992',
    '9007199254740994',
    '1e21',
    '100000000000000000000',
    '1E-130',
    '9.9e125',
    '0.000000000000000000001',
    '1.0000000000000000000000',
    '12300000000000000000000000000000000000000',
    '1e+5',
    '0e999999999999999999999',
    '0.0e-400',
  ])('%s', (literal) => {
    expect(parseExactly(`{"n":${literal}}`)).toEqual({ n: JSON.parse(literal) as unknown });
  });
});

describe('one that either would change becomes its text', () => {
  it.each([
    '9007199254740993',
    '-9007199254740993',
    '0.1234567890123456789',
    '1.00000000000000001',
    '12345678901234567890123456789012345678',
    '123456789012345678901234567890123456789',
    '1E126',
    '-1e200',
    '9.99E-131',
    '1e-400',
    '1e400',
    '5e-324',
    '1e999999999999999999999',
  ])('%s', (literal) => {
    const text = `{"n":[${literal} ,true],"s":"${literal}"}`;
    expect(parseExactly(text)).toEqual({ n: [literal, true], s: literal });
  });
});

it('reads everything else as JSON.parse does', () => {
  fc.assert(
    fc.property(
      fc.json({ maxDepth: 6 }),
      fc.constantFrom('', '[1e300,', '[9007199254740993,'),
      (json, before) => {
        const text = before === '' ? json : `${before}${json}]`;
        const read = parseExactly(text);
        const plain: unknown = JSON.parse(text, (_, value: unknown) =>
          typeof value === 'number' && !isNumberOfDynamodb(value) ? 'x' : value,
        );
        const read2: unknown = JSON.parse(JSON.stringify(read), (_, value: unknown) => value);
        expect(shapeOf(read2)).toEqual(shapeOf(plain));
      },
    ),
  );
});

/** All but numbers, which may have become text. */
function shapeOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(shapeOf);
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, shapeOf(one)]));
  }
  return typeof value === 'number' || typeof value === 'string' ? 'scalar' : value;
}

it('keeps the value of any decimal number, digit by digit', () => {
  const literal = fc
    .tuple(
      fc.boolean(),
      fc.oneof(fc.constant('0'), fc.stringMatching(/^[1-9][0-9]{0,45}$/)),
      fc.option(fc.stringMatching(/^[0-9]{1,45}$/), { nil: undefined }),
      fc.option(fc.integer({ min: -420, max: 420 }), { nil: undefined }),
    )
    .map(([isNegative, whole, fraction, exponent]) =>
      [
        isNegative ? '-' : '',
        whole,
        fraction && `.${fraction}`,
        exponent !== undefined && `e${String(exponent)}`,
      ]
        .filter(Boolean)
        .join(''),
    );
  fc.assert(
    fc.property(literal, (written) => {
      const [read] = parseExactly(`[${written}]`) as [string | number];
      if (typeof read === 'string') return read === written;
      return isSameDecimal(String(read), written) && isNumberOfDynamodb(read);
    }),
    { numRuns: 2_000 },
  );
});

/** By whole numbers, another way than the code goes. */
function isSameDecimal(a: string, b: string): boolean {
  const [x, y] = [scaled(a), scaled(b)];
  const least = Math.min(x.scale, y.scale);
  const raised = ({ digits, scale }: typeof x) => digits * 10n ** BigInt(scale - least);
  return raised(x) === raised(y);
}

function scaled(literal: string): { digits: bigint; scale: number } {
  const [mantissa = '', exponent = '0'] = literal.toLowerCase().split('e');
  const [whole = '', fraction = ''] = mantissa.split('.');
  return {
    digits: BigInt(whole.replace('-', '') + fraction) * (literal.startsWith('-') ? -1n : 1n),
    scale: Number(exponent) - fraction.length,
  };
}

it('reads text of any depth', () => {
  const depth = 100_000;
  const text = `${'['.repeat(depth)}1e300${']'.repeat(depth)}`;
  expect(Array.isArray(parseExactly(text))).toBe(true);
});
