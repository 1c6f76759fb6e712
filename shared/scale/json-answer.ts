import * as v from 'valibot';

/** Reads JSON of a form; throws for an HTML page or an answer that broke off. */
export function jsonOf<Value>(schema: v.GenericSchema<unknown, Value>): (text: string) => Value {
  return (text) => v.parse(schema, JSON.parse(text));
}

/** A member that may be absent, null, or of a type that nobody has told us of. */
export const optionalString = v.fallback(v.optional(v.string()), undefined);

/** How a project or batch is referred to: by id, or expanded to an object. */
export const reference = v.fallback(
  v.optional(v.union([v.string(), v.object({ id: optionalString, name: optionalString })])),
  undefined,
);

/** A `next_token`; Scale ends a list by leaving it out, and null or nothing mean the same. */
export function tokenOf(value: string | null | undefined): string | undefined {
  return value === null || value === '' ? undefined : value;
}
