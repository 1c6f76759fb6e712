import * as v from 'valibot';

/** A value that was lifted out of a document, as DynamoDB holds it. */
export type FieldValue =
  | { readonly S: string }
  | { readonly N: string }
  | { readonly BOOL: boolean }
  | { readonly NULL: true }
  | { L: FieldValue[] }
  | { M: Record<string, FieldValue> };

/**
 * An object of any names. `v.record` leaves out `constructor` and `prototype` (https://valibot.dev/api/record/), which are names of
 * members of documents like any others.
 */
export function anyMembers<Value>(value: v.GenericSchema<Value>) {
  return v.pipe(
    v.custom<Readonly<Record<string, Value>>>(
      (input) => typeof input === 'object' && input !== null && !Array.isArray(input),
    ),
    v.transform((members) => Object.entries(members)),
    v.array(v.tuple([v.string(), value])),
    v.transform((members): Record<string, Value> => Object.fromEntries(members)),
  );
}

const fieldValue: v.GenericSchema<FieldValue> = v.union([
  v.object({ S: v.string() }),
  v.object({ N: v.string() }),
  v.object({ BOOL: v.boolean() }),
  v.object({ NULL: v.literal(true) }),
  v.object({ L: v.array(v.lazy(() => fieldValue)) }),
  v.object({
    M: anyMembers(v.lazy(() => fieldValue)),
  }),
]);

/** Of what a person or a job reads, or the worker writes back as it was. */
export const fieldValues = anyMembers(fieldValue);

/**
 * The bytes that DynamoDB counts for a value (developer guide, "Item sizes and formats"): numbers take one for two
 * significant digits and one more, or two below zero; lists and maps three, and one for each member.
 */
export function bytesOfValue(value: FieldValue): number {
  if ('S' in value) return Buffer.byteLength(value.S);
  if ('N' in value) return bytesOfNumber(value.N);
  if ('L' in value) return value.L.reduce((sum, one) => sum + 1 + bytesOfValue(one), 3);
  return 'M' in value ? bytesOfMap(value.M) : 1;
}

export function bytesOfMap(map: Readonly<Record<string, FieldValue>>): number {
  const members = Object.entries(map);
  return members.reduce((sum, [name, one]) => sum + bytesOfMember(name, one), 3);
}

/** Of a member of a map, with what the map pays for it. */
export function bytesOfMember(name: string, value: FieldValue): number {
  return 1 + Buffer.byteLength(name) + bytesOfValue(value);
}

function bytesOfNumber(text: string): number {
  const [mantissa = ''] = text.replace(/^-/, '').split(/e/i, 1);
  const digits = mantissa.replace('.', '').replace(/^0+/, '').replace(/0+$/, '');
  return Math.ceil(digits.length / 2) + (text.startsWith('-') ? 2 : 1);
}
