import type { FieldsConfig } from '../../shared/platform/fields-config.ts';

/** Lambda allows 4 KB for all variables of a function; the worker's others have up to 1.5 KB. */
const MOST_FIELDS_BYTES = 2_000;

/** The fields as the worker's variable, none without a field; too long expressions are refused. */
export function fieldsVariable(fields: FieldsConfig): { readonly FIELDS?: string } {
  if (Object.keys(fields).length === 0) return {};
  const FIELDS = JSON.stringify(fields);
  const bytes = Buffer.byteLength(FIELDS);
  if (bytes > MOST_FIELDS_BYTES) {
    throw new Error(
      `the fields of the configuration take ${String(bytes)} bytes of the ${String(MOST_FIELDS_BYTES)} that ` +
        'Lambda leaves room for among its variables: name fewer fields, or write shorter expressions',
    );
  }
  return { FIELDS };
}
