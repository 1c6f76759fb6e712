import { parsePattern } from '../../../local/events/event-pattern.ts';

const heads = parsePattern(
  '{"eventName":["INSERT","MODIFY"],"dynamodb":{"Keys":{"record":{"S":["task"]}}}}',
);
const record = (eventName: string, S: string) => ({
  eventName,
  dynamodb: { Keys: { record: { S } }, NewImage: {} },
});

test('lets through what has one of the values everywhere', () => {
  expect(heads(record('INSERT', 'task'))).toBe(true);
  expect(heads(record('MODIFY', 'task'))).toBe(true);
});

test.each([
  ['another value', record('REMOVE', 'task')],
  ['another value inside', record('INSERT', 'document#1')],
  ['a member that is not there', { eventName: 'INSERT' }],
  ['nothing', undefined],
])('keeps out %s', (_, value) => {
  expect(heads(value)).toBe(false);
});

test.each(['{"a":[{"prefix":"x"}]}', '{"a":"x"}', '"x"'])(
  'refuses %s, which it would get wrong',
  (pattern) => {
    expect(() => parsePattern(pattern)).toThrow('cannot filter by');
  },
);
