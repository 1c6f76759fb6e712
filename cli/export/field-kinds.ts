/** What one value of a field is. Integers are those that JavaScript holds exactly. */
export type FieldKind = 'integer' | 'number' | 'boolean' | 'string' | 'json';

/** The one type of a column of fields. */
export type FieldType = FieldKind;

/** By the name of a field, the kinds of the values that were seen. */
export type FieldKinds = ReadonlyMap<string, ReadonlySet<FieldKind>>;

/** Notes the kinds of a head's fields; nothing is none. */
export function noteFields(
  seen: Map<string, Set<FieldKind>>,
  fields: Readonly<Record<string, unknown>> = {},
): void {
  for (const [name, value] of Object.entries(fields)) {
    const kinds = seen.get(name) ?? new Set();
    seen.set(name, kinds);
    if (value !== null && value !== undefined) kinds.add(kindOf(value));
  }
}

function kindOf(value: unknown): FieldKind {
  if (typeof value === 'number') return Number.isSafeInteger(value) ? 'integer' : 'number';
  if (typeof value === 'boolean') return 'boolean';
  // Its digits stand as text in a row.
  return typeof value === 'string' || typeof value === 'bigint' ? 'string' : 'json';
}

/** A type that takes all values of a column: what has no other in common is JSON text. */
export function fieldTypeOf(kinds: ReadonlySet<FieldKind>): FieldType {
  const [first, ...others] = kinds;
  if (first === undefined) return 'string';
  if (others.length === 0) return first;
  const areNumbers = [...kinds].every((kind) => kind === 'integer' || kind === 'number');
  return areNumbers ? 'number' : 'json';
}
