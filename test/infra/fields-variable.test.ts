import { fieldsVariable } from '../../infra/constructs/fields-variable.ts';
import { createFieldLifter } from '../../shared/fields/field-lifter.ts';
import { readFields } from '../../shared/platform/fields-config.ts';

test('the worker reads the fields as the configuration has them', () => {
  const fields = { reviewer: 'metadata.reviewer', n: { v2: 'length(threads)' } };
  const { FIELDS } = fieldsVariable(fields);
  expect(readFields(FIELDS)).toEqual(fields);
  expect(createFieldLifter(readFields(FIELDS))?.by).toBe(createFieldLifter(fields)?.by);
});

test('without fields there is no variable, and nothing that lifts', () => {
  expect(fieldsVariable({})).toEqual({});
  expect(createFieldLifter(readFields(fieldsVariable({}).FIELDS))).toBeUndefined();
});

test('expressions up to 2,000 bytes fit beside the other variables, and more are refused', () => {
  const ofBytes = (bytes: number) => {
    const empty = JSON.stringify({ a: '', b: '' }).length;
    const half = Math.floor((bytes - empty) / 2);
    return { a: 'x'.repeat(half), b: 'y'.repeat(bytes - empty - half) };
  };
  expect(fieldsVariable(ofBytes(2_000)).FIELDS).toHaveLength(2_000);
  expect(() => fieldsVariable(ofBytes(2_001))).toThrow('take 2001 bytes of the 2000');
});
