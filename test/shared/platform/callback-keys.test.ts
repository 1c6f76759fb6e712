import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import {
  firstCallbackKey,
  parseCallbackKeys,
  readCallbackKeys,
  writeCallbackKeys,
} from '../../../shared/platform/callback-keys.ts';

const bothKeys = [
  ['separated by a comma', 'first-key,second-key'],
  ['separated by comma and blanks', ' first-key , second-key '],
  ['one a line', 'first-key\nsecond-key\n'],
  ['with a comma too many', ',first-key,,second-key,'],
  ['as JSON of label and key', '{"current": "first-key", "next": " second-key "}'],
  ['as JSON over several lines', '\n{\n  "a": "first-key",\n  "b": "second-key"\n}\n'],
] as const;

it.each(bothKeys)('keys %s are all accepted, so that one can replace another', (_, secret) => {
  const keys = parseCallbackKeys(secret);
  expect(keys?.labelOf('first-key')).toBeDefined();
  expect(keys?.labelOf('second-key')).toBeDefined();
  expect(firstCallbackKey(secret)).toBe('first-key');
});

const wrong = [
  ['another key', 'third-key'],
  ['no key at all', ''],
  ['a blank', ' '],
  ['the beginning of a key', 'first-ke'],
  ['a key with more behind it', 'first-keys'],
  ['a key in other case', 'First-Key'],
  ['a key with a blank', 'first-key '],
  ['the whole secret', 'first-key,second-key'],
  ['a label', 'current'],
] as const;

describe.each(bothKeys)('of keys %s', (_, secret) => {
  it.each(wrong)('%s is refused', (_what, presented) => {
    expect(parseCallbackKeys(secret)?.labelOf(presented)).toBeUndefined();
  });
});

it.each([
  ['no secret', undefined],
  ['an empty secret', ''],
  ['blanks', ' \n'],
  ['commas alone', ' , ,'],
  ['JSON without labels', '{}'],
  ['a label with an empty key', '{"live": ""}'],
])('%s holds no key', (_, secret) => {
  expect(parseCallbackKeys(secret)).toBeUndefined();
});

it.each([
  ['is cut off', '{"live": "first-key"'],
  ['holds a key that is no string', '{"live": "first-key", "next": 12}'],
  ['nests the keys', '{"live": {"key": "first-key"}}'],
])('JSON that %s is an error, and the error does not tell the key', (_, secret) => {
  expect(() => parseCallbackKeys(secret)).toThrow('the secret of callback keys');
  expect(() => parseCallbackKeys(secret)).not.toThrow('first-key');
});

describe('a key is called by its label in metrics', () => {
  const labels = (secret: string, ...presented: string[]): unknown =>
    presented.map((key) => parseCallbackKeys(secret)?.labelOf(key));

  it('as the secret gives it', () => {
    const secret = '{"2026-11": "old-key", "2026-12 new": "new-key"}';
    expect(labels(secret, 'old-key', 'new-key')).toEqual(['2026-11', '2026-12 new']);
  });

  it.each(['constructor', 'prototype'])('also %s, which means something to JavaScript', (label) => {
    expect(labels(`{"${label}": "first-key"}`, 'first-key')).toEqual([label]);
  });

  it('and by its place where it has none', () => {
    expect(labels('first-key,second-key', 'first-key', 'second-key')).toEqual(['key-1', 'key-2']);
  });

  it.each([
    ['is empty', ''],
    ['is one of the keys', 'second-key'],
    ['is the key itself', 'first-key'],
    ['is no ASCII', 'schl\u00fcssel'],
    ['is too long for a dimension', 'x'.repeat(65)],
    ['begins with a colon', ':new'],
    ['breaks the line', 'a\nb'],
    ['is called __proto__', '__proto__'],
  ])('and by its place where the label %s; the key opens all the same', (_, label) => {
    const secret = `{${JSON.stringify(label)}: "first-key", "next": "second-key"}`;
    expect(labels(secret, 'first-key', 'second-key')).toEqual(['key-1', 'next']);
  });
});

describe('every key, of any length and any characters, opens by itself alone', () => {
  const keys: readonly string[] = [
    'x',
    'xx',
    'x'.repeat(10_000),
    `${'x'.repeat(9_999)}y`,
    'with = equals, comma and "quotes"',
    'with  blanks',
    '{braces}',
    'schl\u00fcssel',
    'schlu\u0308ssel',
    '\u{1f511}',
    '\ud83d',
    '\udd11',
    '\ufffd',
    'key\u0000',
    'key',
  ];
  const parsed = parseCallbackKeys(
    JSON.stringify(Object.fromEntries(keys.map((key, index) => [`label ${String(index)}`, key]))),
  );

  it.each(keys.map((key, index) => [key.slice(0, 40), key, index] as const))(
    '%j',
    (_, key, index) => {
      expect(parsed?.labelOf(key)).toBe(`label ${String(index)}`);
      for (const near of [`${key}x`, key.slice(1), key.toUpperCase(), `${key},${key}`, '']) {
        if (!keys.includes(near)) expect(parsed?.labelOf(near)).toBeUndefined();
      }
    },
  );
});

it('a key is compared by digests of equal length alone, with every key each time', () => {
  const source = readFileSync(
    join(import.meta.dirname, '..', '..', '..', 'shared', 'platform', 'callback-keys.ts'),
    'utf8',
  );
  const comparing = /labelOf: [^]*?return found;/.exec(source)?.[0] ?? '';
  expect(comparing).toContain('timingSafeEqual(expected, presented)');
  // Nothing that ends early, and nothing that compares keys themselves.
  expect(comparing).not.toMatch(/break|===|==|includes|some|find\b|length|return (?!found)/);
});

describe('keys that are written', () => {
  it('are read again under their labels', () => {
    const keys = readCallbackKeys('{"2026-11": "old,key", "next": "\\"new\\""}');
    expect(readCallbackKeys(writeCallbackKeys(keys))).toEqual(keys);
  });

  it('keep in a metric what they were called by their place', () => {
    const secret = writeCallbackKeys(readCallbackKeys('first-key,second-key'));
    expect(parseCallbackKeys(secret)?.labelOf('second-key')).toBe('key-2');
  });

  it('all stay where two have one label', () => {
    const keys = readCallbackKeys('{"key-2": "first-key", "": "second-key"}');
    expect(keys.map(({ label }) => label)).toEqual(['key-2', 'key-2']);
    const written = readCallbackKeys(writeCallbackKeys(keys));
    expect(written.map(({ key }) => key)).toEqual(['first-key', 'second-key']);
    expect(new Set(written.map(({ label }) => label)).size).toBe(2);
  });
});
