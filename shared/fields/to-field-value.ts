import { bytesOfMember, bytesOfValue, type FieldValue } from '../tasks/field-value.ts';
import { isNumberOfDynamodb } from './dynamodb-number.ts';

/** Why a value is not in the head. */
export type NotHeld = 'too large' | 'not storable';

/** DynamoDB takes 32 levels (service quotas, "Nested attribute depth"), of which one is the map `fields`, and one its scalars. */
const MOST_LEVELS = 30;

/**
 * A value of an expression as DynamoDB holds it. `too large` beyond some bytes, which ends the work at once: a value may be
 * a whole document. `not storable`: deeper than DynamoDB takes, with a member of no name, or nothing that JSON has.
 */
export function toFieldValue(value: unknown, mostBytes: number): FieldValue | NotHeld {
  const converted = convert(value, mostBytes, MOST_LEVELS);
  if (typeof converted === 'string') return converted;
  return bytesOfValue(converted) <= mostBytes ? converted : 'too large';
}

function convert(value: unknown, room: number, levels: number): FieldValue | NotHeld {
  if (value === null || value === undefined) return { NULL: true };
  if (typeof value === 'boolean') return { BOOL: value };
  // Half a surrogate pair is no UTF-8; DynamoDB would get what stands for it.
  if (typeof value === 'string') {
    return value.length > room ? 'too large' : { S: value.toWellFormed() };
  }
  if (typeof value === 'number') return fromNumber(value);
  if (typeof value !== 'object' || levels === 0) return 'not storable';
  if (Array.isArray(value)) return fromList(value, room, levels - 1);
  return isPlain(value) ? fromMembers(Object.entries(value), room, levels - 1) : 'not storable';
}

/** Numbers of the document that DynamoDB does not hold are strings already; what an expression made of others may be one. */
function fromNumber(number: number): FieldValue | NotHeld {
  if (isNumberOfDynamodb(number)) return { N: String(number) };
  return Number.isFinite(number) ? { S: String(number) } : 'not storable';
}

function fromList(list: readonly unknown[], room: number, levels: number): FieldValue | NotHeld {
  const L: FieldValue[] = [];
  let left = room;
  for (const one of list) {
    const converted = convert(one, left, levels);
    if (typeof converted === 'string') return converted;
    left -= 1 + bytesOfValue(converted);
    if (left < 0) return 'too large';
    L.push(converted);
  }
  return { L };
}

function fromMembers(
  members: readonly (readonly [string, unknown])[],
  room: number,
  levels: number,
): FieldValue | NotHeld {
  const M: [string, FieldValue][] = [];
  let left = room;
  for (const [name, one] of members) {
    if (name === '') return 'not storable';
    const converted = convert(one, left, levels);
    if (typeof converted === 'string') return converted;
    left -= bytesOfMember(name, converted);
    if (left < 0) return 'too large';
    M.push([name, converted]);
  }
  return { M: Object.fromEntries(M) };
}

/** Not so an expression of JMESPath's own, `&name`. */
function isPlain(value: object): boolean {
  return Object.getPrototypeOf(value) === Object.prototype;
}
