import { fieldsHash } from '../../../shared/fields/fields-hash.ts';
import { liftEach, liftFields, MOST_FIELDS_BYTES } from '../../../shared/fields/lift-fields.ts';
import type { FieldsConfig } from '../../../shared/platform/fields-config.ts';

const lifted = (config: FieldsConfig, task: unknown, api: 'v1' | 'v2' = 'v1') =>
  liftFields(config, { api, text: typeof task === 'string' ? task : JSON.stringify(task) });

it('lifts values of all types', () => {
  const { values, omitted } = lifted(
    { s: 'a.s', n: 'a.n', b: 'a.b', l: 'a.l', m: 'a.m', none: 'a.none', nothing: 'a.nothing' },
    { a: { s: 'x', n: -1.5, b: false, l: [1, null, 'y'], m: { k: [true] }, nothing: null } },
  );
  expect(values).toEqual({
    s: { S: 'x' },
    n: { N: '-1.5' },
    b: { BOOL: false },
    l: { L: [{ N: '1' }, { NULL: true }, { S: 'y' }] },
    m: { M: { k: { L: [{ BOOL: true }] } } },
  });
  expect(omitted).toEqual({});
});

it('goes by the shape of the document', () => {
  const config = { one: { v1: 'a', v2: 'b' }, two: { v2: 'a' }, both: 'a' };
  const values = (api: 'v1' | 'v2') => lifted(config, { a: 1, b: 2 }, api).values;
  expect(values('v1')).toEqual({ one: { N: '1' }, both: { N: '1' } });
  expect(values('v2')).toEqual({ one: { N: '2' }, two: { N: '1' }, both: { N: '1' } });
});

it('keeps numbers that DynamoDB or JavaScript would change as their text', () => {
  const text =
    '{"id": 9007199254740993, "e": 1.50e200, "small": 2E-140, "plain": 1.50, "mean": [8e125, 8e125]}';
  expect(
    lifted({ id: 'id', e: 'e', small: 'small', plain: 'plain', sum: 'sum(mean)' }, text).values,
  ).toEqual({
    id: { S: '9007199254740993' },
    e: { S: '1.50e200' },
    small: { S: '2E-140' },
    plain: { N: '1.5' },
    sum: { S: '1.6e+126' },
  });
});

it('leaves out the field whose expression fails, and that alone', () => {
  const { values, omitted } = lifted({ a: 'length(x)', b: 'y' }, { x: 1, y: 2 });
  expect([values, omitted]).toEqual([{ b: { N: '2' } }, { a: 'failed' }]);
});

describe('the 512 bytes', () => {
  // As DynamoDB counts: the attribute's name 6, a map 3, a member 1 and its name.
  const room = MOST_FIELDS_BYTES - 6 - 3 - 1 - 'text'.length;

  it.each([
    ['letters of one byte', 'x'.repeat(room), 'x'],
    ['letters of two bytes', 'ü'.repeat(Math.floor(room / 2)), 'ü'],
  ])('hold as many %s and no more', (_, most, one) => {
    expect(lifted({ text: 't' }, { t: most }).values).toEqual({ text: { S: most } });
    const more = lifted({ text: 't' }, { t: most + one });
    expect([more.values, more.omitted]).toEqual([{}, { text: 'too large' }]);
  });

  it('count lists, maps and numbers', () => {
    // A list 3; each number 1 for its place, 1, and 1 for two digits: 3.
    const most = Math.floor((room - 3) / 3);
    const list = (length: number) => lifted({ text: 'l' }, { l: Array<number>(length).fill(12) });
    expect(list(most).omitted).toEqual({});
    expect(list(most + 1).omitted).toEqual({ text: 'too large' });
    // A map 3; each member 1, its name 3, and a boolean 1: 5.
    const members = Math.floor((room - 3) / 5);
    const map = (length: number) =>
      lifted(
        { text: 'm' },
        { m: Object.fromEntries(Array.from({ length }, (_, n) => [String(n + 100), true])) },
      );
    expect(map(members).omitted).toEqual({});
    expect(map(members + 1).omitted).toEqual({ text: 'too large' });
  });

  it('go to the fields in their order; what does not fit beside them is left out', () => {
    const task = { long: 'x'.repeat(room), short: 'y' };
    expect(lifted({ text: 'long', b: 'short' }, task).omitted).toEqual({ b: 'too large' });
    const shortFirst = lifted({ b: 'short', text: 'long' }, task);
    expect([shortFirst.values, shortFirst.omitted]).toEqual([
      { b: { S: 'y' } },
      { text: 'too large' },
    ]);
  });

  it('are not asked for by a whole document', () => {
    const task = { all: Array.from({ length: 100_000 }, (_, n) => ({ n })) };
    expect(lifted({ all: '@', b: 'all[7].n' }, task)).toMatchObject({
      values: { b: { N: '7' } },
      omitted: { all: 'too large' },
    });
  });
});

it.each([
  ['a list deeper than DynamoDB takes', `${'['.repeat(31)}1${']'.repeat(31)}`, 'x'],
  ['a member without a name', '{"": 1}', 'x'],
  ['an expression as a value', '1', '[&x]'],
  ['a number beyond all numbers', '[1]', 'sum([`1e308`, `1e308`])'],
])('does not store %s', (_, x, expression) => {
  expect(lifted({ f: expression }, `{"x": ${x}}`)).toMatchObject({
    values: {},
    omitted: { f: 'not storable' },
  });
});

it('stores the deepest list that DynamoDB takes', () => {
  expect(lifted({ f: 'x' }, `{"x": ${'['.repeat(30)}1${']'.repeat(30)}}`).omitted).toEqual({});
});

it('says what was wrong with an expression', () => {
  const outcomes = liftEach({ f: 'length(x)' }, { api: 'v1', text: '{"x": 1}' });
  expect(outcomes.get('f')).toMatchObject({
    kind: 'omitted',
    problem: expect.stringContaining('length()') as unknown,
  });
});

describe('the hash of a configuration', () => {
  it('is the same for the same fields, however they are written', () => {
    expect(fieldsHash({ a: 'x' })).toBe(fieldsHash({ a: { v1: 'x', v2: 'x' } }));
    expect(fieldsHash({ a: { v2: 'y', v1: 'x' } })).toBe(fieldsHash({ a: { v1: 'x', v2: 'y' } }));
  });

  it.each([{ a: 'y' }, { b: 'x' }, { a: { v1: 'x' } }, { a: 'x', b: 'y' }, {}])(
    'is another for %j',
    (other) => {
      expect(fieldsHash(other)).not.toBe(fieldsHash({ a: 'x' }));
    },
  );

  it('is another in another order, by which is left out what does not fit', () => {
    expect(fieldsHash({ a: 'x', b: 'y' })).not.toBe(fieldsHash({ b: 'y', a: 'x' }));
  });
});
