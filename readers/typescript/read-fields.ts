import type { FieldValue } from '../../shared/tasks/field-value.ts';
import { ExactNumber } from './exact-number.ts';
import { type Numbers, readInteger } from './parse-json.ts';

/** What the configuration has lifted out of the document that counts, by name. */
export type Fields = Readonly<Record<string, unknown>>;

/** Native values of what DynamoDB holds, with numbers of the chosen kind; `undefined` where nothing was lifted. */
export function toFields(
  values: Readonly<Record<string, FieldValue>> | undefined,
  numbers: Numbers = 'number',
): Fields | undefined {
  if (values === undefined || Object.keys(values).length === 0) return undefined;
  return membersOf(values, numbers);
}

function membersOf(values: Readonly<Record<string, FieldValue>>, numbers: Numbers): Fields {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, nativeOf(value, numbers)]),
  );
}

function nativeOf(value: FieldValue, numbers: Numbers): unknown {
  if ('S' in value) return value.S;
  if ('N' in value) return numberOf(value.N, numbers);
  if ('BOOL' in value) return value.BOOL;
  if ('L' in value) return value.L.map((one) => nativeOf(one, numbers));
  return 'M' in value ? membersOf(value.M, numbers) : null;
}

function numberOf(text: string, numbers: Numbers): number | bigint | ExactNumber {
  if (numbers === 'exact') return new ExactNumber(text);
  return numbers === 'bigint' ? readInteger(text) : Number(text);
}
