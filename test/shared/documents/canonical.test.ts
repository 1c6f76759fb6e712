import fc from 'fast-check';

import { canonicalDigest, type CanonicalRules } from '../../../shared/documents/canonical.ts';
import { sha256 } from '../../../shared/documents/digest.ts';
import { twoTextsOfOneValue, valueText } from './arbitrary-json.ts';

const DEEP = 100_000;

/** Longer than what is kept as text while the rest is read. */
const LONG = 'x'.repeat(2_000);

describe('equal', () => {
  it('stays the same under another member order, white space and other escapes', () => {
    fc.assert(
      fc.property(twoTextsOfOneValue, ([one, other]) => {
        expect(canonicalDigest(one)).toBe(canonicalDigest(other));
      }),
    );
  });

  it('stays the same under another order within long objects', () => {
    const members = Array.from(
      { length: 500 },
      (_, index) => `"name-${String(index)}":[${String(index)}]`,
    );
    const one = `{"a":{${members.join(',')}},"b":1}`;
    const other = `{"b":1,"a":{${members.toReversed().join(' , ')}}}`;
    expect(canonicalDigest(one)).toBe(canonicalDigest(other));
  });

  it('takes the last of two members with one name, as JSON.parse does', () => {
    expect(canonicalDigest('{"a":1,"\\u0061":2}')).toBe(canonicalDigest('{"a":2}'));
    expect(canonicalDigest('{"a":1,"a":2}')).not.toBe(canonicalDigest('{"a":1}'));
  });

  it('reads 100,000 levels', () => {
    const deep = (inner: string, space: string): string =>
      `${`{"a":[${space}`.repeat(DEEP / 2)}${inner}${`]${space}}`.repeat(DEEP / 2)}`;
    expect(canonicalDigest(deep('1', ''))).toBe(canonicalDigest(deep('1', ' ')));
    expect(canonicalDigest(deep('1', ''))).not.toBe(canonicalDigest(deep('2', '')));
  });
});

describe('stored', () => {
  // Heads hold digests of documents: another algorithm would make every task look changed.
  it.each([
    [
      '{"b":[1.50,-0,"\\u0041\\n"],"a":{"d":null,"c":"é"},"b ":{}}',
      '6ce234157f7fc5288193cb399149b4c1fa1c764c74a291aaa01f30ed592da232',
    ],
    [
      `{"long":["${LONG}",{"z":1,"a":[]}],"a":1, "a":2}`,
      '57d2c9d1b9a4032fd49a7fe8c0a8fae9ac4d80d085a57ac65eb924e1f5474ed7',
    ],
  ])('stays what it was for %.40s', (text, digest) => {
    expect(canonicalDigest(text)).toBe(digest);
  });
});

describe('different', () => {
  it('tells apart any two values that JSON.parse tells apart', () => {
    fc.assert(
      fc.property(valueText, valueText, (one, other) => {
        fc.pre(sorted(JSON.parse(one)) !== sorted(JSON.parse(other)));
        expect(canonicalDigest(one)).not.toBe(canonicalDigest(other));
      }),
    );
  });

  it('tells apart numbers that differ in any one digit, also beyond 2^53', () => {
    const digits = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(digits, fc.nat(), (number, at) => {
        const changed = number.with(at % number.length, 0);
        expect(canonicalDigest(`[${changed.join('')}]`)).not.toBe(
          canonicalDigest(`[${number.join('')}]`),
        );
      }),
    );
  });

  it.each([
    ['[1,2]', '[2,1]'],
    ['[1,2]', '[12]'],
    ['[1,[2]]', '[[1],2]'],
    ['{"a":1}', '{"a":"1"}'],
    ['[null]', '[]'],
    ['{"a":null}', '{}'],
    ['{}', '[]'],
    ['{"a":1,"b":2}', '{"a:1,b":2}'],
    ['["a","b"]', '["a,b"]'],
    ['{"a":1,"b":2}', '{"a":{"b":2}}'],
    ['"é"', '"e\u0301"'],
    ['"\\\\u0041"', '"\\u0041"'],
    ['{"__proto__":1}', '{}'],
  ])('tells %s from %s', (one, other) => {
    expect(canonicalDigest(one)).not.toBe(canonicalDigest(other));
  });

  it('tells apart what differs only deep within long containers', () => {
    const nested = (value: number): string =>
      `{"a":["${LONG}",{"b":["${LONG}",${String(value)}]}]}`;
    expect(canonicalDigest(nested(1))).not.toBe(canonicalDigest(nested(2)));
  });

  it('never takes a string for the hash of a long container', () => {
    const long = `["${LONG}"]`;
    expect(canonicalDigest(`[${long}]`)).not.toBe(canonicalDigest(`["#${sha256(long)}"]`));
  });
});

describe('rules', () => {
  const rules: CanonicalRules<readonly string[]> = {
    root: [],
    omits: (name, depth) => depth === 1 && name === 'volatile',
    within: (place, name) => [...place, name],
    string: (value, place) => (place.join('.') === 'a.b' ? value.toLowerCase() : value),
  };
  const digest = (text: string): string => canonicalDigest(text, rules);

  it.each(['1', '"}"', '{"a":[{}]}', '[]'])('leave out a member with value %s', (value) => {
    expect(digest(`{"a":1, "volatile" : ${value} , "b":2}`)).toBe(digest('{"a":1,"b":2}'));
    expect(digest(`{"volatile":${value}}`)).toBe(digest('{}'));
  });

  it('leave out a member under any writing of its name, and each time that it occurs', () => {
    expect(digest('{"v\\u006flatile":1,"a":1,"volatile":2}')).toBe(digest('{"a":1}'));
  });

  it('keep a member of that name further inside', () => {
    expect(digest('{"a":{"volatile":1}}')).not.toBe(digest('{"a":{}}'));
  });

  it('see a string where it stands, through arrays', () => {
    expect(digest('{"a":[{"b":["X"]}]}')).toBe(digest('{"a":[{"b":["x"]}]}'));
    expect(digest('{"a":{"c":"X"}}')).not.toBe(digest('{"a":{"c":"x"}}'));
    expect(digest('{"b":"X"}')).not.toBe(digest('{"b":"x"}'));
  });
});

/** A text that is equal for values that are equal but for the order of their members. */
function sorted(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(sorted).join(',')}]`;
  const members = Object.entries(value).map(
    ([name, one]) => `${JSON.stringify(name)}:${sorted(one)}`,
  );
  return `{${members.sort().join(',')}}`;
}
