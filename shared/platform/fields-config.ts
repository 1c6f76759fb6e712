import * as v from 'valibot';

/** An expression for both shapes, or one for each; a shape without one has not the field. */
export type FieldExpressions =
  string | { readonly v1?: string | undefined; readonly v2?: string | undefined };

/** The configured fields: names and JMESPath expressions. The order counts where not all of them fit. */
export type FieldsConfig = Readonly<Record<string, FieldExpressions>>;

/** More names would not fit into 512 bytes with their values. */
const MOST_FIELDS = 25;

const fieldName = v.pipe(
  v.string(),
  v.regex(
    /^[A-Za-z][A-Za-z0-9_]{0,39}$/,
    'must be a name of at most 40 letters, digits and _, and begin with a letter',
  ),
);

/** `v.record` leaves them out without a word. */
const IGNORED_NAMES = ['constructor', 'prototype'];

function isMember(input: unknown, name: string): boolean {
  return typeof input === 'object' && input !== null && Object.hasOwn(input, name);
}

/** The form of `fields`, by that of an expression. */
export function fieldsSchema(expression: v.GenericSchema<string>) {
  const perShape = v.pipe(
    v.strictObject({ v1: v.optional(expression), v2: v.optional(expression) }),
    v.check(({ v1, v2 }) => v1 !== undefined || v2 !== undefined, 'must have "v1", "v2" or both'),
  );
  const expressions = v.lazy((input): v.GenericSchema<FieldExpressions> =>
    typeof input === 'object' && input !== null ? perShape : expression,
  );
  return v.pipe(
    v.custom<Readonly<Record<string, unknown>>>(
      (input) => IGNORED_NAMES.every((name) => !isMember(input, name)),
      `must not have the name ${IGNORED_NAMES.join(' or ')}`,
    ),
    v.record(fieldName, expressions),
    v.check(
      (fields) => Object.keys(fields).length <= MOST_FIELDS,
      `must be at most ${String(MOST_FIELDS)}`,
    ),
  );
}

const checkedBefore = fieldsSchema(v.string());

/** Reads `FIELDS`, the variable of the worker; none without it. The deployment has checked the expressions. */
export function readFields(text: string | undefined): FieldsConfig | undefined {
  return text === undefined || text === '' ? undefined : v.parse(checkedBefore, JSON.parse(text));
}
