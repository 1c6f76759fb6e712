import { parseCallbackKeys } from '../../../functions/ingest/callback-keys.ts';

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
  expect(keys?.accepts('first-key')).toBe(true);
  expect(keys?.accepts('second-key')).toBe(true);
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
    expect(parseCallbackKeys(secret)?.accepts(presented)).toBe(false);
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
