import fc from 'fast-check';

import { pickMembers } from '../../../shared/documents/pick-members.ts';
import { arrayText, objectText, valueText } from './arbitrary-json.ts';

it('picks what JSON.parse sees, whatever the writing', () => {
  fc.assert(
    fc.property(objectText, ({ text }) => {
      const trimmed = text.trim();
      const whole = new Map(Object.entries(JSON.parse(trimmed) as object));
      const names = [...whole.keys(), 'absent'].filter((name) => name !== '__proto__');
      const picked = pickMembers(trimmed, names);
      for (const name of names) expect(picked[name]).toEqual(whole.get(name));
    }),
  );
});

it('picks nothing of another value than an object', () => {
  fc.assert(
    fc.property(fc.oneof(arrayText, valueText), (value) => {
      const text = (typeof value === 'string' ? value : value.text).trim();
      fc.pre(!text.startsWith('{'));
      expect(pickMembers(text, ['a', '', 'task_id'])).toEqual({});
    }),
  );
  for (const text of ['""', '"a"', '["a"]', '[{"a":1}]', 'null', '1']) {
    expect(pickMembers(text, ['a'])).toEqual({});
  }
});
